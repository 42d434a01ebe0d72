import { emptyField, type FormField, shownByFormField } from "../office/form-field.ts";

/** The boxes and lists of a form, which say in parameters what is chosen and have no text. */
export class OdfFormFields {
  #field: FormField | null = null;

  open(name: string, attributes: Record<string, string>): void {
    const value = attributes["field:value"] ?? "";
    const of = attributes["field:type"] ?? attributes["field:name"] ?? "";
    if (name === "field:fieldmark") this.#field = { ...emptyField(), isTicked: /CHECKBOX$/.test(of) ? false : null };
    else if (!this.#field) return;
    else if (of === "Checkbox_Checked") this.#field.isTicked = value === "true";
    else if (of === "Dropdown_ListEntry") this.#field.choices.push(value);
    else if (of === "Dropdown_Selected") this.#field.chosen = Number(value) || 0;
  }

  /** What the field shows that ends. */
  close(): string {
    const shown = this.#field ? shownByFormField(this.#field) : null;
    this.#field = null;
    return shown ?? "";
  }
}
