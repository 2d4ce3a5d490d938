/** Icons as shapes, so that they look the same without any font. */
const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  attach: 'M19 11l-7.5 7.5a4.2 4.2 0 0 1-6-6L13 5a2.8 2.8 0 0 1 4 4l-7.4 7.4a1.4 1.4 0 0 1-2-2L14 8',
  plus: 'M12 5v14M5 12h14',
  menu: 'M12 5v.5M12 12v.5M12 19v.5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  pending: 'M12 7v5l3 2M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16',
  sent: 'M5 13l4 4 10-10',
  delivered: 'M2 13l4 4 10-10M11 16l1 1 10-10',
  failed: 'M12 7v6M12 16.500v.5M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16',
} as const;

export type IconName = keyof typeof PATHS;

/** Decorative: whoever uses it says in words what it means. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon', `icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
