import type { User } from "../../workers/accounts/contract.ts";
import { Avatar } from "../ui/avatar.tsx";
import { menuOf } from "../ui/menu.tsx";

const ItemsMenu = menuOf(async () => (await import("./header-items.tsx")).UserItems);

export function UserMenu({ user }: { user: User }) {
  return (
    <ItemsMenu
      items={{ user }}
      trigger={
        <button type="button" aria-label={`Account of ${user.name}`} className="rounded-lg p-1 hover:bg-hover">
          <Avatar name={user.name} seed={user.id} size="small" />
        </button>
      }
    />
  );
}
