"""Starts the pricer: PORT, MINTMARK (its mark) and MINTMARK_DATA (where newer feeds are delivered) tell it where."""

import os
import signal
import sys
import threading
from pathlib import Path

from pricer.desk import Desk
from pricer.feeds import FeedError
from pricer.market import Settings, load
from pricer.server import Server

HERE = Path(__file__).parent
BAD_CONFIGURATION = 78


def main() -> int:
    folder = os.environ.get("MINTMARK_DATA")
    delivered = Path(folder) / "feeds" if folder else None
    try:
        settings = Settings.read(HERE / "config" / "pricer.json")
        desk = Desk(load(HERE / "data", delivered), settings)
    except (FeedError, KeyError, ValueError, OSError) as wrong:
        print(f"pricer cannot start: {wrong!r}", file=sys.stderr)
        return BAD_CONFIGURATION
    port = int(os.environ.get("PORT", "5081"))
    server = Server(port, os.environ.get("MINTMARK", "pricer-dev"), desk, lambda: load(HERE / "data", delivered))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"pricer listens on 127.0.0.1:{port}", flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
