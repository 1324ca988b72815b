# Answers what firewalld, and GLib for NetworkManager, make of texts: JSON of {name: text in base64} on the
# standard input, the kind as argument, JSON of {name: answer} on the standard output.
import base64, json, logging, os, sys, tempfile

kind = sys.argv[1]
texts = {name: base64.b64decode(text) for name, text in json.load(sys.stdin).items()}


def span(port):
    first, _, last = port.partition("-")
    return range(int(first), int(last or first) + 1)


def wide(address):
    mask = address.partition("/")[2]
    return bool(mask) and (mask in ("0.0.0.0", "128.0.0.0") or "." not in mask and int(mask) <= 1)


def carries(protocol):
    return protocol.lower() in ("tcp", "udp", "6", "17", "0", "ip", "all")


def all_ports(texts):
    taken = set()
    for text in texts:
        taken.update(span(text))
    return taken >= set(range(1, 65536))


def anybody(end):
    if end is None:
        return True
    return wide(end.addr or "") != bool(end.invert)


def opens(rule):
    from firewall.core import rich
    if not isinstance(rule.action, rich.Rich_Accept) or not anybody(rule.source) or not anybody(rule.destination):
        return False
    e = rule.element
    if isinstance(e, (rich.Rich_Port, rich.Rich_SourcePort)):
        return all_ports([e.port])
    if isinstance(e, rich.Rich_Protocol):
        return carries(e.value)
    return e is None


def describe(obj):
    ports = {}
    for port, protocol in obj.ports:
        ports.setdefault(protocol, []).append(port)
    broad = any(all_ports(p) for p in ports.values()) or any(carries(p) for p in obj.protocols) or any(opens(r) for r in obj.rules)
    if kind == "zone":
        target = "default" if obj.target == "{chain}_{zone}" else obj.target
        ends = [obj.interfaces, [s.removeprefix("ipset:") for s in obj.sources]]
    else:
        target, ends = obj.target, [obj.ingress_zones, obj.egress_zones]
    return " ".join([target, *(",".join(e) for e in ends), "open" if broad else "closed"])


def read(folder, text):
    path = os.path.join(folder, "a.conf" if kind == "conf" else "a.xml")
    with open(path, "wb") as f:
        f.write(text)
    if kind == "conf":
        from firewall.core.io.firewalld_conf import firewalld_conf
        conf = firewalld_conf(path)
        try:
            conf.read()
        except Exception:
            return "public"  # as the daemon does
        return conf.get("DefaultZone")
    if kind == "connection":
        from gi.repository import GLib
        keys = GLib.KeyFile()
        keys.load_from_file(path, GLib.KeyFileFlags.NONE)
        if not keys.has_group("connection") or "zone" not in keys.get_keys("connection")[0]:
            return ""
        return keys.get_string("connection", "zone")
    if kind == "zone":
        from firewall.core.io.zone import zone_reader
        return describe(zone_reader("a.xml", folder))
    from firewall.core.io.policy import policy_reader
    return describe(policy_reader("a.xml", folder))


logging.disable(logging.CRITICAL)
answers = {}
with tempfile.TemporaryDirectory() as folder:
    for name, text in texts.items():
        try:
            answers[name] = read(folder, text)
        except Exception:
            answers[name] = "error"
json.dump(answers, sys.__stdout__)
