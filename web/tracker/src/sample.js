/** What the schema allows; it counts characters as people do, not as JavaScript. */
const LONGEST = 1000;

/** Why a text cannot be sent as Sample Input, as a sentence; null when it can. */
export function refusal(text) {
  const length = [...text].length;
  if (length === 0) {
    return "Type something first: an empty text is not sent.";
  }
  return length > LONGEST ? `That is ${length} characters, and the schema allows ${LONGEST}.` : null;
}
