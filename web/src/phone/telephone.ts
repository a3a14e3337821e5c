/** A telephone in the browser: SIP over the page's own WebSocket, sound by WebRTC, one call at a time. */
import { UA, WebSocketInterface } from "jssip";
import { DTMF_TRANSPORT } from "jssip/lib/Constants";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";

import { Meter } from "@/sound/meter";

/** What the line gives a browser that is to be a telephone (`/v1/phone`, `/v1/open-phone`). */
export interface Account {
  extension: string;
  name: string;
  password: string;
  calls: string;
  signal: string;
}

export type Standing = "off" | "connecting" | "ready" | "calling" | "ringing" | "talking";

/** The telephone as it is now. `about` is the call of the line that it rings for, empty for none. */
export interface Picture {
  standing: Standing;
  other: string;
  about: string;
  since: number;
  muted: boolean;
  trouble: string;
}

const SOUND = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: false,
};
const KEYS = /^[0-9*#]$/;
export const REST: Picture = { standing: "off", other: "", about: "", since: 0, muted: false, trouble: "" };

export class Telephone {
  private agent: UA | null = null;
  private session: RTCSession | null = null;
  private readonly watchers = new Set<() => void>();
  private readonly speaker = new Audio();
  private now: Picture = REST;
  readonly mine = new Meter();
  readonly theirs = new Meter();

  constructor(private readonly account: Account) {}

  /** Register at the line; `close` undoes it. */
  start(): void {
    const { extension, password, name, signal } = this.account;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const agent = new UA({
      sockets: [new WebSocketInterface(`${scheme}://${location.host}${signal}`)],
      uri: `sip:${extension}@${location.hostname}`,
      password,
      display_name: name,
      register: true,
      session_timers: false,
    });
    agent.on("registered", () => {
      if (!this.session) this.become({ standing: "ready", trouble: "" });
    });
    agent.on("registrationFailed", ({ cause }) => this.become({ standing: "off", trouble: cause ?? "" }));
    agent.on("disconnected", () => {
      if (!this.session) this.become({ standing: "connecting" });
    });
    agent.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === "remote") this.ring(event as IncomingRTCSessionEvent);
    });
    this.agent = agent;
    this.become({ ...REST, standing: "connecting" });
    agent.start();
    // Whoever closes the page hangs up: the line would wait for keys until its silence is over.
    window.addEventListener("pagehide", this.close);
  }

  /** For useSyncExternalStore. */
  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  picture = (): Picture => this.now;

  call(number: string): void {
    if (this.session || !this.agent) return;
    const target = `sip:${number}@${location.hostname}`;
    this.take(this.agent.call(target, { mediaConstraints: SOUND }), { standing: "calling", other: number });
  }

  answer(): void {
    this.session?.answer({ mediaConstraints: SOUND });
  }

  hangUp(): void {
    this.session?.terminate();
  }

  /** One key, as RFC 4733 has it. */
  press(key: string): void {
    if (this.session?.isEstablished() && KEYS.test(key)) {
      this.session.sendDTMF(key, { duration: 120, interToneGap: 80, transportType: DTMF_TRANSPORT.RFC2833 });
    }
  }

  mute(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.become({ muted });
  }

  close = (): void => {
    window.removeEventListener("pagehide", this.close);
    this.hangUp();
    this.agent?.stop();
    this.agent = null;
    this.mine.close();
    this.theirs.close();
  };

  private ring({ session, request }: IncomingRTCSessionEvent): void {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    const about = String(request.getHeader("X-Tellerline-Call") ?? "");
    this.take(session, { standing: "ringing", other: session.remote_identity.uri.user ?? "", about });
  }

  private take(session: RTCSession, first: Partial<Picture>): void {
    this.session = session;
    this.become({ ...REST, ...first });
    if (session.connection) this.hear(session.connection);
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
    session.on("confirmed", () => this.become({ standing: "talking", since: Date.now() }));
    session.on("failed", (event) => this.rest(event.originator === "local" ? "" : event.cause));
    session.on("ended", () => this.rest(""));
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams: [stream] }) => {
      if (!stream) return;
      this.speaker.srcObject = stream;
      void this.speaker.play();
      this.theirs.watch(stream);
      const sent = connection.getSenders().find((sender) => sender.track?.kind === "audio")?.track;
      if (sent) this.mine.watch(new MediaStream([sent]));
    });
  }

  private rest(trouble: string): void {
    this.session = null;
    this.speaker.srcObject = null;
    this.mine.close();
    this.theirs.close();
    this.become({ ...REST, standing: this.agent?.isRegistered() ? "ready" : "connecting", trouble });
  }

  private become(change: Partial<Picture>): void {
    this.now = { ...this.now, ...change };
    this.watchers.forEach((watcher) => watcher());
  }
}
