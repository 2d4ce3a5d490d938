/** Building elements. Text is always set as text: nothing that people write becomes markup. */
type Child = Node | string | undefined | false;
type Properties = Readonly<Record<string, string | boolean | ((event: Event) => unknown) | undefined>>;

/** `el('button.primary', { onclick }, 'Send')` */
export function el<T extends keyof HTMLElementTagNameMap>(
  selector: T | `${T}.${string}`,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const [tag = 'div', ...classes] = selector.split('.');
  const element = document.createElement(tag as T);
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

export function replace(parent: HTMLElement, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => child !== undefined && child !== false));
}

/** A phone number as people write it, always from left to right. */
export function numberOf(phone: string): HTMLElement {
  return el('span.number', {}, `+${phone}`);
}

export function avatar(name: string, isAway = false): HTMLElement {
  return el(
    isAway ? 'span.avatar.away' : 'span.avatar',
    { 'aria-hidden': 'true' },
    String.fromCodePoint(name.replace('+', '').codePointAt(0) ?? 63).toUpperCase(),
  );
}

const TOAST_MS = 5000;

/** Says something in passing; screen readers hear it too. */
export function toast(text: string): void {
  const note = el('div.toast', {}, text);
  document.querySelector('#toasts')?.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}
