#!/bin/sh
# Runs workerd so that it dies with the process that started it, also when that one is killed with -9: an orphan would keep
# the port and go on serving. After exec workerd has this shell's process id, which the watcher below knows as $$.
parent_lives() {
  kill -0 "$PPID" 2>/dev/null || return 1
  # Where nobody reaps it, a dead parent still answers kill -0; then only a changed parent tells.
  [ -r "/proc/$$/stat" ] || return 0
  read -r _ _ _ parent _ <"/proc/$$/stat" && [ "$parent" = "$PPID" ]
}
# Ctrl-C reaches every process of the terminal: when workerd ends, its parent decides.
trap '' INT HUP
(
  while kill -0 $$ 2>/dev/null && parent_lives; do sleep 0.2; done
  kill -9 $$
) </dev/null >/dev/null 2>&1 3>&- &
exec "$WORKERD_BINARY" "$@"
