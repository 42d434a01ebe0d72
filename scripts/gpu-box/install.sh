#!/usr/bin/env bash
# Sets up Ollama and the tunnel that reaches it on this machine: with Docker where it is there, else by systemd.
#
#   ./install.sh                       a box for Workers VPC: without a public name
#   ./install.sh box.example.com       a box with a public name, which Cloudflare Access has to guard
#
# MODEL=llama3.2 is fetched at the end. It may be run again: what is there stays. docs/gpu-box.md says what it does, step by step.
set -euo pipefail
cd "$(dirname "$0")"

hostname="${1:-}"
tunnel="${TUNNEL_NAME:-understudy-box}"
model="${MODEL:-llama3.2}"

say() { printf '\n==> %s\n' "$1"; }
fail() { printf '\n%s\n' "$1" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

[[ -z "$hostname" || "$hostname" =~ ^[a-z0-9-]+(\.[a-z0-9-]+)+$ ]] || fail "“$hostname” is no name. Give one such as box.example.com."
has cloudflared || fail "Install cloudflared first, 2025.7.0 or later: https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/"
has nvidia-smi && nvidia-smi -L || printf 'No NVIDIA driver answers here: Ollama will be slow.\n'

with_docker() { has docker && docker compose version >/dev/null 2>&1; }

say "The tunnel “$tunnel”"
[[ -f "$HOME/.cloudflared/cert.pem" ]] || cloudflared tunnel login
id_of_tunnel() { cloudflared tunnel list --name "$tunnel" --output json | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' | head -n 1 || true; }
id="$(id_of_tunnel)"
if [[ -z "$id" ]]; then
  cloudflared tunnel create "$tunnel"
  id="$(id_of_tunnel)"
fi
[[ -n "$id" ]] || fail "The tunnel could not be made. See above."
secret="$HOME/.cloudflared/$id.json"
[[ -f "$secret" ]] || fail "The tunnel $id was made on another machine: $secret is missing. Copy it from there, or choose another: TUNNEL_NAME=… $0"
[[ -z "$hostname" ]] || cloudflared tunnel route dns "$tunnel" "$hostname"

# Writes the tunnel's configuration. $1: where it stands; $2: where the tunnel finds its credentials.
configure() {
  if [[ -n "$hostname" ]]; then
    sed -e "s|TUNNEL_ID|$id|; s|CREDENTIALS_FILE|$2|; s|BOX_HOSTNAME|$hostname|" cloudflared.example.yml >"$1"
  else
    # Without a public name nothing but Workers VPC comes this way, and that needs no rule.
    sed -e "s|TUNNEL_ID|$id|; s|CREDENTIALS_FILE|$2|; /What Understudy calls/,/keepAliveTimeout/d" cloudflared.example.yml >"$1"
  fi
}

if with_docker; then
  say "Ollama and cloudflared, by Docker"
  configure cloudflared.yml /etc/cloudflared/credentials.json
  install -m 0644 "$secret" credentials.json
  docker compose up -d
  docker compose exec ollama ollama pull "$model"
else
  say "Ollama and cloudflared, by systemd"
  has systemctl || fail "There is neither Docker nor systemd here. Start both by hand: docs/gpu-box.md."
  has ollama || fail "Install Ollama first: https://ollama.com/download/linux"
  sudo install -D -m 0644 systemd/ollama-understudy.conf /etc/systemd/system/ollama.service.d/understudy.conf
  sudo install -D -m 0644 systemd/cloudflared-understudy.service /etc/systemd/system/cloudflared-understudy.service
  made="$(mktemp)"
  configure "$made" /run/credentials/cloudflared-understudy.service/credentials.json
  sudo install -D -m 0644 "$made" /etc/cloudflared-understudy/cloudflared.yml
  sudo install -m 0600 "$secret" /etc/cloudflared-understudy/credentials.json
  rm -f "$made"
  sudo systemctl daemon-reload
  sudo systemctl enable --now ollama cloudflared-understudy
  sudo systemctl restart ollama cloudflared-understudy
  ollama pull "$model"
fi

say "Done"
if [[ -n "$hostname" ]]; then
  cat <<END
Guard the name by Cloudflare Access before anything else: anybody who knows it may use the box until then (docs/gpu-box.md, “Access”).
Then, where Understudy runs:
  OLLAMA_BASE_URL=https://$hostname  CF_ACCESS_CLIENT_ID=…  CF_ACCESS_CLIENT_SECRET=…
And check it:
  node scripts/gpu-box/check.mjs https://$hostname --model $model
END
else
  cat <<END
Make the VPC service, and bind it as OLLAMA_VPC in wrangler.toml (docs/gpu-box.md, “Workers VPC”):
  npx wrangler vpc service create understudy-box --type http --tunnel-id $id --hostname localhost --http-port 11434
And check the box from itself:
  node scripts/gpu-box/check.mjs http://127.0.0.1:11434 --model $model
END
fi
