import { until } from '../../../testing/until.ts';
import { MediaView } from '../modules/media/media.dto.ts';
import { MessageView, SendAccepted } from '../modules/messages/messages.dto.ts';
import { Wire, type WireNumber, type WireOptions } from './wire.ts';

/** As the sandbox shows a message to the person who holds the phone. */
export type OnPhone = {
  id: string;
  kind: string;
  text: string;
  direction: 'in' | 'out';
  details: Record<string, unknown>;
  reactions: { from: string; emoji: string }[];
  votes: { from: string; options: string[] }[];
  editedAt: string | null;
  deletedAt: string | null;
};

/** A linked number that chats with one customer, seen from both sides. */
export class Chat {
  private constructor(
    readonly wire: Wire,
    readonly number: WireNumber,
    readonly customer: string,
  ) {}

  static async start(options: WireOptions = {}): Promise<Chat> {
    const wire = await Wire.start(options);
    return new Chat(wire, await wire.link(), await wire.phones.createPhone({ name: 'Maya' }));
  }

  /** What a request of `POST /messages/send` answers. */
  call = async (body: object): Promise<SendAccepted> =>
    SendAccepted.parse(await this.wire.api.call('POST', '/messages/send', body));

  /** To the customer. */
  send = (body: object): Promise<SendAccepted> =>
    this.call({ session_id: this.number.session, to: `+${this.customer}`, ...body });

  /** Sent by the number, and on the customer's phone. */
  sent = async (body: object): Promise<{ id: string; phone: OnPhone }> => {
    const { message_id: id, whatsapp_message_id: whatsappId } = await this.send(body);
    const phone = await this.arrived(whatsappId);
    await until('it to be sent', async () => !['queued', 'sending'].includes((await this.view(id)).status));
    return { id, phone };
  };

  /** The code with which a message is refused. */
  refusal = (body: object): Promise<string | undefined> =>
    this.send(body).then(
      () => 'accepted',
      (error: Error) => /"code":"(\w+)"/.exec(error.message)?.[1],
    );

  upload = async (bytes: Buffer, name: string): Promise<string> => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)]), name);
    return MediaView.parse(await this.wire.api.call('POST', '/media/upload', form)).id;
  };

  view = async (id: string): Promise<MessageView> =>
    MessageView.parse(await this.wire.api.call('GET', `/messages/${id}`));

  /** A phone sends, the customer's to the number unless said otherwise. @param content whatever the control API takes */
  phoneSends = (content: object, from = this.customer, to = this.number.phone): Promise<OnPhone> =>
    this.wire.phones.call('POST', `/phones/${from}/messages`, { to, ...content });

  /** The message on the customer's phone. */
  arrived = (id: string, what: (message: OnPhone) => boolean = () => true): Promise<OnPhone> =>
    until(`${id} on the phone`, async () => {
      const messages = await this.wire.phones.call<OnPhone[]>(
        'GET',
        `/phones/${this.customer}/messages?with=${this.number.phone}`,
      );
      return messages.find((one) => one.id === id && what(one));
    });

  /** The message in the product. */
  shown = (id: string, what: (message: MessageView) => boolean = () => true): Promise<MessageView> =>
    until(`${id} in the product`, async () =>
      (await this.wire.api.messages(this.number.session)).find((one) => one.whatsapp_message_id === id && what(one)),
    );

  /** A file as the customer's phone opens it. */
  fileOnPhone = async (id: string): Promise<Buffer> => {
    const file = await fetch(`${this.wire.sandbox.url}/phones/${this.customer}/media/${id}`);
    return Buffer.from(await file.arrayBuffer());
  };

  /** @throws when a phone could not read something, or was sent what no client would send */
  close = async (): Promise<void> => {
    const { protocolViolations, undecryptable } = await this.wire.phones.call<Record<string, number>>('GET', '/stats');
    await this.wire.close();
    if (protocolViolations || undecryptable)
      throw new Error(`${protocolViolations} violations of the protocol, ${undecryptable} messages unreadable`);
  };
}
