import { MessagesSquare, ShieldCheck, Users } from 'lucide-react';

/** What Wasel promises, by names in the catalogue `landing`. */
export const PROMISES = [
  ['truth', MessagesSquare],
  ['reliable', ShieldCheck],
  ['apart', Users],
] as const;
