import { DeviceDesktopIcon, MoonIcon, SunIcon } from "@primer/octicons-react";
import { useFetcher } from "react-router";
import { useRootData } from "../root-data.ts";
import { isTheme, type Theme } from "../theme.ts";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel } from "../ui/menu.tsx";

const options = [
  { value: "system", label: "As the system", icon: <DeviceDesktopIcon /> },
  { value: "light", label: "Light", icon: <SunIcon /> },
  { value: "dark", label: "Dark", icon: <MoonIcon /> },
];

const fetcherKey = "theme";

/** The theme in force, ahead of the server while a change is on its way. */
export function useTheme(): Theme {
  const pending = useFetcher({ key: fetcherKey }).formData?.get("theme");
  const stored = useRootData()?.theme ?? "system";
  return isTheme(pending) ? pending : stored;
}

export function ThemeMenu() {
  const fetcher = useFetcher({ key: fetcherKey });
  const theme = useTheme();
  return (
    <Menu
      trigger={
        <IconButton label="Theme" className="size-9">
          {theme === "dark" ? <MoonIcon /> : theme === "light" ? <SunIcon /> : <DeviceDesktopIcon />}
        </IconButton>
      }
    >
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice
        value={theme}
        options={options}
        onChange={(value) => fetcher.submit({ theme: value }, { method: "post", action: "/theme" })}
      />
    </Menu>
  );
}
