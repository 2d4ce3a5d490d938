-- As of contacts.

alter table conversations validate constraint conversations_merged_into_fkey;
