/** What stands at the top of a page that is made from the code. */
export const GENERATED_MARK = "<!-- Made by `npm run docs` from the code. -->";
