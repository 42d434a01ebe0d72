#!/bin/sh
# Runs workerd so that it dies with the process that started it, also when that one is killed with -9: an orphan would keep
# the port and go on serving. After exec workerd has this shell's process id, which the watcher below knows as $$.

# Reads this process's parent and start from /proc, where there is one.
look() { read -r _ _ _ parent _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ <"/proc/$$/stat"; }

# Whether $$ still is the process that was started here: a dead one's id may be somebody else's by now.
is_ours() {
  [ -n "$began" ] || { kill -0 $$ && return; }
  look && [ "$start" = "$began" ]
}

# Where nobody reaps it, a dead parent still answers kill -0; then only a changed parent tells.
has_parent() { kill -0 "$PPID" && { [ -z "$began" ] || [ "$parent" = "$PPID" ]; }; }

# Ctrl-C reaches every process of the terminal: when workerd ends, its parent decides.
trap '' INT HUP
(
  began=
  look && began=$start
  while is_ours; do
    has_parent || kill -9 $$
    sleep 0.2
  done
) </dev/null >/dev/null 2>&1 3>&- &
exec "$WORKERD_BINARY" "$@"
