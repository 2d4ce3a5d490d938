/** The page of phones: a rail of all phones, and one of them in the hand. */
import { api, follow, type PhoneView } from './api.ts';
import { askForNewPhone } from './create-dialog.ts';
import { avatar, el, numberOf, replace, toast } from './dom.ts';
import { applyLanguage, type Language, language, languages, setLanguage, t } from './i18n.ts';
import { icon } from './icons.ts';
import { PhoneScreen } from './phone-screen.ts';
import { offerToScan, takeScanLink } from './scan-link.ts';

const root = document.querySelector<HTMLElement>('#app') ?? document.body;
const rail = el('nav.rail');
const stage = el('main.stage');
let phones: PhoneView[] = [];
/** Before the first answer it is not known whether there are phones. */
let isLoaded = false;
let screen: PhoneScreen | undefined;

function render(): void {
  document.title = `SANDBOX · ${t('phones')}`;
  const choice: HTMLSelectElement = el('select', {
    'aria-label': t('language'),
    onchange: () => changeLanguage(choice.value as Language),
  });
  for (const [code, name] of Object.entries(languages))
    choice.append(el('option', { value: code, selected: code === language() }, name));
  const banner = el('header.banner', {}, el('strong.grow', {}, t('sandbox')), choice);
  const desk = el(screen ? 'div.desk.on-phone' : 'div.desk', {}, banner, rail, stage);
  replace(root, desk);
  renderRail();
  renderStage();
}

function railEntry({ phone, name, online, devices }: PhoneView): HTMLElement {
  return el(
    'li',
    {},
    el(
      'button.entry',
      { onclick: () => open(phone), 'aria-current': String(screen?.phone === phone) },
      avatar(name, !online),
      el(
        'span.grow',
        {},
        el('div.clip', {}, el('bdi', {}, name)),
        el('div.small.muted', {}, numberOf(phone), online ? '' : ` · ${t('offline')}`),
      ),
      devices.length > 0 &&
        el(
          'span',
          { role: 'img', 'aria-label': `${t('devices')}: ${devices.length}`, title: t('devices') },
          icon('link'),
        ),
    ),
  );
}

function renderRail(): void {
  const head = el('div.rail-head', {}, el('h1', {}, t('phones')), el('button', { onclick: create }, t('createPhone')));
  replace(rail, head, el('ul.list', {}, ...phones.map(railEntry)), isLoaded && phones.length === 0 && emptyState());
}

function renderStage(): void {
  if (!isLoaded) return;
  if (screen) replace(stage, screen.element);
  else replace(stage, phones.length > 0 ? el('p.muted', {}, t('choosePhone')) : emptyState());
}

function emptyState(): HTMLElement {
  return el(
    'div.empty',
    {},
    el('h2', {}, t('noPhones')),
    el('p', {}, t('noPhonesHint')),
    el('button.primary', { onclick: create }, t('createPhone')),
  );
}

function open(phone: string): void {
  screen = new PhoneScreen(phone, () => phones, close);
  render();
}

function close(): void {
  screen = undefined;
  render();
}

async function create(): Promise<void> {
  const created = await askForNewPhone();
  if (!created) return;
  await reload();
  open(created.phone);
}

function changeLanguage(next: Language): void {
  setLanguage(next);
  render();
  screen?.render();
}

async function reload(): Promise<void> {
  phones = await api.phones();
  isLoaded = true;
  renderRail();
  screen?.render();
  if (!screen) renderStage();
}

function tell(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error));
}

/** Connected (again): what was missed is read anew. A deep link is taken up once. */
async function onReady(): Promise<void> {
  await reload();
  if (isFirst && scanLink) offerToScan(scanLink, phones, open);
  isFirst = false;
}

applyLanguage();
render();
const scanLink = takeScanLink();
let isFirst = true;
follow(
  () => void onReady().catch(tell),
  (event) => {
    if (event.type === 'phone' || event.type === 'connection' || event.type === 'pairing') void reload().catch(tell);
    screen?.onEvent(event);
  },
);
