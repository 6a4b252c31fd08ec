import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Exchange } from "../../azure/exchange";
import { consentMissing } from "../mistakes";
import type { Arrow } from "../ten-steps";
import { ConsentForEveryone } from "./consent";
import { Facts, Quiet } from "./controls";

interface DetailProps {
  readonly exchange: Exchange;
  readonly arrow: Arrow;
  readonly close: () => void;
}

/** Request and answer of one exchange, side by side. Secrets were taken out when the exchange was recorded. */
export function Detail({ exchange, arrow, close }: DetailProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), [exchange]);
  const { method, url, status, requestHeaders, requestBody, responseHeaders, responseBody } = exchange;
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="detail-title">
      <div class="head">
        <h2 id="detail-title">{`${arrow.from} to ${arrow.outside ?? arrow.at ?? arrow.to}`}</h2>
        <Quiet onClick={() => dialog.current?.close()}>Close</Quiet>
      </div>
      {arrow.mistake && (
        <p class="mistake">
          <strong>{arrow.mistake.number ? `Known mistake ${arrow.mistake.number}` : "Refused"}</strong>{" "}
          {arrow.mistake.what} <span class="fix">{arrow.mistake.fix}</span>
          {arrow.mistake.number === consentMissing && <ConsentForEveryone />}
        </p>
      )}
      <div class="pair">
        <Half title="Request" first={`${method} ${url}`} headers={requestHeaders} body={requestBody} />
        <Half
          title={`Answer after ${arrow.milliseconds} ms`}
          first={String(status)}
          headers={responseHeaders}
          body={responseBody}
        />
      </div>
    </dialog>
  );
}

interface HalfProps {
  readonly title: string;
  readonly first: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function Half({ title, first, headers, body }: HalfProps) {
  const lines = Object.entries(headers);
  return (
    <section>
      <h3>{title}</h3>
      <div class="message" tabIndex={0} role="region" aria-label={title}>
        <p class="first">{first}</p>
        {lines.length > 0 && <Facts rows={lines} />}
        {body && <pre>{readable(body)}</pre>}
      </div>
    </section>
  );
}

/** JSON with its lines, a form with one field a line; all else as it is. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return /^[\w.]+=[^<\s]*$/.test(body) ? body.replaceAll("&", "\n&") : body;
  }
}
