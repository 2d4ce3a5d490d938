/** What the live line has asked again of the inbox, loaded when something happens. */
export { refreshConversations, refreshConversationsOf } from './conversations.live';
export { refreshMessages, refreshWaiting } from './messages.live';
