"""Ends this process and everything it started when the tool dies, however it dies.

The watch is a process of its own, not a thread: a model that computes in C without letting go of the
interpreter's lock would hold up a thread for ever. It is nobody's child, so that a model that waits for
all of its children does not wait for it. A parent-death signal would not do: it ends this process before
anyone has looked for its children.
"""

import os
import select
import signal
import stat
import sys

from modelwright_runtime.process.process_tree import keep_orphans, kill_descendants, kill_marked, send_signal

#: A socket whose other end the tool holds: it hangs up when the tool is gone.
CHANNEL_DESCRIPTOR = 3

#: By this variable the tool marks all that it starts.
_MARK_NAME = "_MODELWRIGHT_GROUP"

#: How often a process that was started without the channel looks whether the tool is there.
_LOOK_INTERVAL_MS = 1000


def watch_parent(tool_pid):
    """Starts the watch. Call it first, while this process has one thread and little memory."""
    if not _is_alive(tool_pid):
        sys.exit("The tool (process %d) has ended." % tool_pid)
    inherited = [_start_watch(tool_pid)]
    if _has_channel():
        os.set_inheritable(CHANNEL_DESCRIPTOR, False)
        inherited.append(CHANNEL_DESCRIPTOR)
    _close_in_children(inherited)
    keep_orphans()


def _is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _has_channel():
    try:
        return stat.S_ISSOCK(os.fstat(CHANNEL_DESCRIPTOR).st_mode)
    except OSError:
        return False


def _close_in_children(descriptors):
    """A child that multiprocessing forks never executes another program, so close-on-exec does not help there."""

    def close_all():
        while descriptors:
            os.close(descriptors.pop())

    os.register_at_fork(after_in_child=close_all)


def _start_watch(tool_pid):
    """Starts the watching process; returns the descriptor whose closing tells it that this process has ended."""
    watched = os.getpid()
    lifeline, held = os.pipe()
    between = os.fork()
    if between == 0:
        try:
            if os.fork() == 0:
                os.close(held)
                _watch(watched, tool_pid, lifeline)
        finally:
            os._exit(0)
    os.waitpid(between, 0)
    os.close(lifeline)
    return held


def _watch(watched, tool_pid, lifeline):
    has_channel = _has_channel()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # Whoever reads what the model prints waits until nobody holds the other end.
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    # An empty event mask: only hang-ups and errors are reported, not the requests of a worker.
    poll = select.poll()
    poll.register(lifeline, 0)
    if has_channel:
        poll.register(CHANNEL_DESCRIPTOR, 0)
    hung_up = []
    while lifeline not in hung_up:
        hung_up = [descriptor for descriptor, _ in poll.poll(None if has_channel else _LOOK_INTERVAL_MS)]
        if CHANNEL_DESCRIPTOR in hung_up or not _is_alive(tool_pid):
            _kill_family(watched, has_ended=lifeline in hung_up)
            return


def _kill_family(watched, has_ended):
    if not has_ended:
        # Frozen while its descendants are looked for: once it is dead they could no longer be told.
        send_signal(watched, signal.SIGSTOP)
        kill_descendants(watched)
        send_signal(watched, signal.SIGKILL)
    elif _MARK_NAME in os.environ:
        # It ended first, at the end of its requests for example, and nobody knows its children any more.
        kill_marked(os.fsencode("%s=%s" % (_MARK_NAME, os.environ[_MARK_NAME])))
    # Its own group, which this process is in too; never that of whoever started it by hand.
    if os.getpgrp() == watched:
        os.killpg(watched, signal.SIGKILL)
