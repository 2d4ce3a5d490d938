-- What new rows have obeyed since `contact_identity`, the old ones keep, too.

alter table contacts validate constraint contacts_merged_into_fkey, validate constraint contacts_opt_out_check;
