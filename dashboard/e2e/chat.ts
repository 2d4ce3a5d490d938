import type { Locator, Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import type { Visit } from './visit.ts';

/** The conversation of a number with somebody new who has said hello, open in the inbox. */
export class Chat {
  private constructor(
    private readonly visit: Visit,
    readonly number: LinkedNumber,
    /** The number of the virtual phone. */
    readonly customer: string,
    readonly page: Page,
  ) {}

  static async open(visit: Visit, number: LinkedNumber, name: string): Promise<Chat> {
    const customer = await visit.house.phones.createPhone({ name });
    const chat = new Chat(visit, number, customer, await visit.open({ as: number.api }));
    await chat.receive({ text: 'Hello' });
    await chat.page.goto(`${visit.url}/inbox`);
    await chat.page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    await chat.bubble('Hello').waitFor();
    return chat;
  }

  /** Where messages are written. */
  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  bubble(text: string | RegExp): Locator {
    return this.page.locator('article', { hasText: text });
  }

  /** Until the other phone has it. */
  async send(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
    await this.delivered(text);
  }

  delivered(text: string): Promise<void> {
    return this.bubble(text).getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  }

  /** Has the other phone send. @param content as the sandbox's control API takes it */
  receive<T>(content: object): Promise<T> {
    return this.visit.house.phones.call('POST', `/phones/${this.customer}/messages`, {
      to: this.number.phone,
      ...content,
    });
  }
}
