/** What the live line has asked again of the inbox, loaded when something happens. */
export { refreshConversations } from './conversations.live';
export { refreshMessages, refreshWaiting } from './messages.live';
