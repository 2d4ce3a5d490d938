/** Most people that one page of a group can hold: half of what WhatsApp lets into a group. */
export const PEOPLE_LIMIT_MAX = 512;

/** WhatsApp's limits of what a group is called, and of what it says of itself. */
export const GROUP_SUBJECT_MAX = 100;
export const GROUP_DESCRIPTION_MAX = 2_048;
/** People in one request; many more are added in steps. */
export const GROUP_PEOPLE_MAX = 100;
/** As many as WhatsApp takes in a group. */
export const GROUP_ADDITION_MAX = 1_024;
/** How many come in a step, and what is between two, where nobody says otherwise. */
export const ADDITION_PER_STEP = 5;
export const ADDITION_STEP_SECONDS = 180;
