const PATIENCE_MS = 2000;

/**
 * Chooses the collector that events go to.
 *
 * `asked` is the address in the page's query, if there is one: it has to be http or https, and of the page's own host
 * or among `addresses`. Otherwise the first of `addresses` that answers is taken, and the last where none does.
 * Gives the address, and a sentence for people with, in `accept`, the address whose certificate could be accepted.
 */
export async function chooseCollector(addresses, asked, hostname) {
  if (asked !== null) {
    const address = allowed(asked, addresses, hostname);
    if (address) {
      return { address, answers: await answers(address), sentence: `Sending to ${address}, as the address bar asks.` };
    }
  }
  const refused = asked === null ? "" : `${asked} is not an address this page may send to. `;
  const silent = [];
  for (const address of addresses) {
    if (await answers(address)) {
      return { address, answers: true, ...explain(address, silent, refused) };
    }
    silent.push(address);
  }
  const sentence = `${refused}No collector answers at ${addresses.join(" or ")}. Start it with make up.`;
  return { address: addresses.at(-1), answers: false, sentence, accept: silent.find(isHttps) };
}

function explain(address, silent, refused) {
  const accept = silent.find(isHttps);
  const why = accept
    ? ` ${accept} cannot be used yet: Nginx is not up, or this browser has not accepted its self-signed certificate.`
    : "";
  return { sentence: `${refused}Sending to ${address}.${why}`, accept };
}

function allowed(text, addresses, hostname) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const known = url && (url.hostname === hostname || addresses.includes(url.origin));
  return known && ["http:", "https:"].includes(url.protocol) ? url.origin : null;
}

function isHttps(address) {
  return address.startsWith("https:");
}

/** Whether anything answers there that this browser trusts; what it says cannot be read, and need not be. */
async function answers(address) {
  try {
    await fetch(`${address}/health`, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}
