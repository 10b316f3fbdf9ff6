-- When something was given, as far as that is known, and of which cohort a subject is: stopping rules by share
-- and the distance between first doses ask both. Filled from the log at the next start.

alter table crfd.exposure
  add column given_from text, add column given_to text;
alter table crfd.subject
  add column cohort text;
