/** Both issuers, ours and Supabase's, name signed-in people so. */
export const AUDIENCE = 'authenticated';
