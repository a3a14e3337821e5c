/** Facts of the calls that are made from this page's own telephone, without signing in. */
import { useEffect, useEffectEvent } from "react";

import type { Told } from "@/api/types";

const AGAIN_MS = 2_000;

export function useOwnCalls(wanted: boolean, hear: (told: Told) => void): void {
  const heard = useEffectEvent(hear);
  useEffect(() => {
    if (!wanted) return undefined;
    let socket: WebSocket;
    let timer: ReturnType<typeof setTimeout>;
    function open(): void {
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      socket = new WebSocket(`${scheme}://${location.host}/v1/open-phone/live`);
      socket.onmessage = (message: MessageEvent<string>) => heard(JSON.parse(message.data) as Told);
      socket.onclose = () => {
        timer = setTimeout(open, AGAIN_MS);
      };
    }
    open();
    return () => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
    };
  }, [wanted]);
}
