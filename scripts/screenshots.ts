import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchBrowser } from '../testing/browser.ts';
import { ApiClient } from '../testing/house/api-client.ts';
import { House } from '../testing/house/house.ts';
import { Console } from './lib/console.ts';
import { runCommand } from './lib/run-command.ts';
import { buildAll } from './lib/workspaces.ts';

const IMAGES = resolve(import.meta.dirname, '../docs/images');

/** Who writes, and what: the shop answers where `from` is empty. */
const CHATS: readonly { name: string; lines: readonly { from?: string; text: string }[] }[] = [
  { name: 'Noa Levi', lines: [{ from: 'Noa Levi', text: 'Thank you, the parcel is here already!' }] },
  { name: 'Karim Haddad', lines: [{ from: 'Karim Haddad', text: 'هل لديكم موعد يوم الخميس؟' }] },
  {
    name: 'Maya Cohen',
    lines: [
      { from: 'Maya Cohen', text: 'Hi! Are you open on Friday?' },
      { text: 'Hello Maya, yes: from nine to two.' },
      { from: 'Maya Cohen', text: 'Perfect. Can I book two seats for 10:30?' },
      { text: 'Booked. See you on Friday at 10:30.' },
      { from: 'Maya Cohen', text: 'Great, see you then!' },
    ],
  },
];

/** A house with a number that has been at work this morning. */
async function furnish(house: House) {
  const dana = new ApiClient(house.urls[0] ?? '', 'dana@acme.example');
  const number = await house.link(await dana.register('Acme Clinic', 'Dana Levi'), 'Front desk');
  for (const { name, lines } of CHATS) {
    const phone = await house.phones.createPhone({ name });
    for (const { from, text } of lines) {
      if (from) {
        await house.phones.send(phone, { to: number.phone, text });
        await number.api.waitForText(number.session, text, ['received']);
      } else {
        await number.api.send(number.session, `+${phone}`, text);
        await number.api.waitForText(number.session, text, ['delivered', 'read']);
      }
    }
    await house.phones.call('POST', `/phones/${phone}/read`, { with: number.phone });
  }
  return number;
}

await runCommand(async () => {
  await buildAll(new Console(), ['backend', 'sandbox', 'dashboard']);
  mkdirSync(IMAGES, { recursive: true });
  const house = await House.start({ dashboard: true });
  const browser = await launchBrowser();
  try {
    const { api } = await furnish(house);
    const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, deviceScaleFactor: 2 });
    await context.addCookies(api.cookies);
    const page = await context.newPage();
    await page.goto(`${api.url}/inbox`);
    await page.getByRole('link', { name: /Maya Cohen/ }).click();
    await page.locator('article', { hasText: 'see you then' }).waitFor();
    await page
      .getByRole('link', { name: /Maya Cohen/ })
      .getByText('3', { exact: true })
      .waitFor({ state: 'detached' });
    await page.screenshot({ path: join(IMAGES, 'inbox.png'), animations: 'disabled' });
    process.stdout.write(`${join(IMAGES, 'inbox.png')}\n`);
  } finally {
    await browser.close();
    await house.stop();
  }
});
