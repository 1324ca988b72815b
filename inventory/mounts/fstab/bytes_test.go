package fstab_test

import (
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
)

// findmnt tells targets and options.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"options": {Key: "tmpfs /tmp tmpfs", Sep: " ", Value: "nodev,nosuid 0 0", Other: "nodev 0 0", Comment: "#"},
		"target":  {Key: "tmpfs", Sep: " ", Value: "/tmp tmpfs nodev 0 0", Other: "/var tmpfs nodev 0 0", Comment: "#"},
		"numbers": {Key: "tmpfs /tmp tmpfs nodev", Sep: " ", Value: "0", Other: "1", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			texts := line.Texts()
			texts["an escape"] = "tmpfs /a\\040b tmpfs no\\144ev\n"
			texts["an escape of NUL"] = "tmpfs /a\\000b tmpfs nodev\n"
			texts["a backslash"] = "tmpfs /a\\b tmpfs nodev\n"
			texts["two backslashes"] = "tmpfs /a\\\\b tmpfs nodev\n"
			texts["an escape of a backslash"] = "tmpfs /a\\134040b tmpfs nodev\n"
			texts["an empty option"] = "tmpfs /tmp tmpfs nodev,,nosuid\n"
			texts["a quoted comma"] = "tmpfs /tmp tmpfs context=\"a,nodev\"\n"
			texts["slashes"] = "tmpfs //tmp//x/ tmpfs nodev\n"
			texts["a comment in a field"] = "tmpfs /tmp tmpfs #nodev\n"
			texts["hex"] = "tmpfs /tmp tmpfs nodev 0x0 0\n"
			texts["quotes"] = "tmpfs \"/a b\" tmpfs nodev\n"
			ours := func(t *testing.T, text string) string {
				entries, err := fstab.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/fstab": text})))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				for _, e := range entries {
					options := strings.Join(e.Options, ",")
					all = append(all, e.Target+" "+options)
				}
				return shown(strings.Join(all, "; "))
			}
			bytetable.Test(t, name, texts, ours, func(t *testing.T, text string) string {
				oracle.Need(t, "findmnt", "sh")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"fstab": text}), "fstab")
				out, code := oracle.Code(t, "sh", "-c", "findmnt -n -r -F "+file+" -o TARGET,OPTIONS 2>"+file+".errors; cat "+file+".errors")
				if code != 0 || strings.Contains(string(out), "parse error") {
					return bytetable.Error
				}
				var all []string
				for l := range strings.Lines(string(out)) {
					all = append(all, normal(t, strings.TrimSuffix(l, "\n")))
				}
				return shown(strings.Join(all, "; "))
			}, nil)
		})
	}
}

// normal is a line of findmnt with the target as a name in the tree, or "", and the options that it has by
// default.
func normal(t *testing.T, l string) string {
	target, options, _ := strings.Cut(hex.ReplaceAllStringFunc(l, func(s string) string {
		b, err := strconv.ParseUint(s[2:], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		if b == ' ' {
			return "\x00"
		}
		return string([]byte{byte(b)})
	}), " ")
	if target = strings.ReplaceAll(target, "\x00", " "); strings.HasPrefix(target, "/") {
		if target = path.Clean(target)[1:]; target == "" {
			target = "."
		}
	} else {
		target = ""
	}
	if options == "" {
		options = "defaults"
	}
	return target + " " + strings.ReplaceAll(options, "\x00", " ")
}

var hex = regexp.MustCompile(`\\x[0-9a-f]{2}`)

func shown(s string) string {
	return strings.NewReplacer("\r", `\x0d`, "\n", `\x0a`).Replace(s)
}
