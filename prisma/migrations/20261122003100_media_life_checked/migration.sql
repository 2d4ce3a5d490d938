-- What `media_life` asks of new files, the old ones keep, too.

alter table media validate constraint media_preparation;
