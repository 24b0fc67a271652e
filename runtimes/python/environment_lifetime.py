"""The builder ends when it is told to and when the tool is gone, however that ends, and takes what it started with it."""

import os
import select
import signal
import stat
import subprocess
import threading
import time

#: A socket whose other end the tool holds.
CHANNEL_DESCRIPTOR = 3

#: How long half-made things may take to be removed before everything is killed.
CLEAN_UP_SECONDS = 10
PROGRAM_END_SECONDS = 3

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Raised in the main thread when the builder must end. Not an Exception: nothing but cleaning up may catch it."""


def begin_lifetime():
    """Makes this process the leader of its own group, and lets it end with the tool."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    if _has_channel():
        os.set_inheritable(CHANNEL_DESCRIPTOR, False)
        threading.Thread(target=_watch_channel, daemon=True).start()


def end_lifetime():
    """Ends this process and whatever of its group is still there. Does not return."""
    os.killpg(0, signal.SIGKILL)


def end_program(process):
    """Ends a program that this process started, with everything that it started in turn."""
    _ignore_stop_signals()
    os.killpg(0, signal.SIGTERM)
    try:
        process.wait(PROGRAM_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _stop(number, frame):
    # Once is enough: a second signal must not break off the cleaning up that the first one began.
    _ignore_stop_signals()
    raise Stopped("Signal %d" % number)


def _ignore_stop_signals():
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _has_channel():
    try:
        return stat.S_ISSOCK(os.fstat(CHANNEL_DESCRIPTOR).st_mode)
    except OSError:
        return False


def _watch_channel():
    # An empty event mask: only hang-ups and errors are reported.
    poll = select.poll()
    poll.register(CHANNEL_DESCRIPTOR, 0)
    poll.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(CLEAN_UP_SECONDS)
    os.killpg(0, signal.SIGKILL)
