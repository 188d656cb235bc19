"""Hands a message to Apprise, in a process of its own that can be ended when a service hangs.

Started by message.send as `python -m orchestration.alerts.sender`. Reads {"urls", "title", "body"} as JSON from
standard input, where no list of processes shows it; writes one line of JSON an address: [its number, what went wrong or
null]. Apprise keeps its threads until the process ends, so a hanging one would keep a refresh from ending.
"""

import json
import logging
import sys
import threading

import apprise


def main() -> None:
    """Send to all addresses at once."""
    # Apprise names addresses in its log.
    logging.getLogger("apprise").disabled = True
    order = json.load(sys.stdin)
    threads = [
        threading.Thread(target=_send_and_report, args=(number, url, order["title"], order["body"]))
        for number, url in enumerate(order["urls"], start=1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send_and_report(number: int, url: str, title: str, body: str) -> None:
    try:
        problem = _send(url, title, body)
    except Exception as error:  # noqa: BLE001 - services are many, and an error's text may name the address
        problem = f"failed with {type(error).__name__}"
    sys.stdout.write(json.dumps([number, problem]) + "\n")
    sys.stdout.flush()


def _send(url: str, title: str, body: str) -> str | None:
    target = apprise.Apprise()
    if not target.add(url):
        return "not an address that Apprise knows; see WAR_LOSSES_NOTIFY_URLS"
    taken = target.notify(
        title=title, body=body, body_format=apprise.NotifyFormat.TEXT, notify_type=apprise.NotifyType.WARNING
    )
    return None if taken else "the service did not take the message"


if __name__ == "__main__":
    main()
