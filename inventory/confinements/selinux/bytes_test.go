package selinux_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// libselinux tells mode and type, in a namespace with another etc.
func TestBytes(t *testing.T) {
	tried := false
	for name, line := range map[string]bytetable.Line{
		"mode": {Key: "SELINUX", Sep: "=", Value: "enforcing", Other: "permissive", Comment: "#", Tail: "SELINUXTYPE=targeted\n"},
		"type": {Head: "SELINUX=enforcing\n", Key: "SELINUXTYPE", Sep: "=", Value: "targeted", Other: "mls", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := selinux.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/selinux/config": text})))
				switch {
				case err != nil:
					return bytetable.Error
				case name == "mode":
					return c.Mode.Value
				}
				return c.Type.Value
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "unshare", "sh", "/usr/bin/python3")
				if !tried {
					oracle.Try(t, nil, "unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/etc") // takes the right to make namespaces
					oracle.Try(t, nil, "/usr/bin/python3", "-c", "import ctypes; ctypes.CDLL('libselinux.so.1')")
					tried = true
				}
				dir := bytetable.Tree(t, map[string]string{"config": text, "ask.py": asked})
				out := oracle.Run(t, "unshare", "-Urm", "sh", "-c", "mount -t tmpfs tmpfs /etc && mkdir /etc/selinux && cat "+dir+"/config >/etc/selinux/config && exec /usr/bin/python3 "+dir+"/ask.py "+name)
				return strings.TrimSuffix(string(out), "\n")
			}, nil)
		})
	}
}

const asked = `import ctypes, sys
lib = ctypes.CDLL("libselinux.so.1")
if sys.argv[1] == "mode":
    mode = ctypes.c_int(7)
    bad = lib.selinux_getenforcemode(ctypes.byref(mode))
    print("" if bad else {1: "enforcing", 0: "permissive", -1: "disabled"}.get(mode.value, ""))
else:
    kind = ctypes.c_char_p()
    bad = lib.selinux_getpolicytype(ctypes.byref(kind))
    print("" if bad or kind.value is None else kind.value.decode("latin-1").encode("unicode_escape").decode())
`
