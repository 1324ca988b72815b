package sshkey_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshkey"
)

// more is another key that ssh-keygen made for these tests. The private key was not kept.
const more = "AAAAC3NzaC1lZDI1NTE5AAAAIFSRAepyQ8ritvNK1VfY3dWQ2IrtOmcCEZGZ+SxtOuJL"

// ssh-keygen -l lists the keys of a file.
func TestBytes(t *testing.T) {
	kind, key, _ := strings.Cut(ed, " ")
	texts := bytetable.Line{Key: kind, Sep: " ", Value: key, Other: more, Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"options": "no-pty " + ed + "\n", "an option with a blank": "command=\"a b\" " + ed + "\n", "an escaped quote": "command=\"a \\\" b\" " + ed + "\n", "an open quote": "command=\"a b " + ed + "\n", "an unknown option": "xyzzy " + ed + "\n",
		"blank behind a comma": "no-pty, no-X11-forwarding " + ed + "\n", "a key in an option": "command=\"" + ed + "\" " + ed + "\n", "a marker": "@revoked " + ed + "\n", "short": ed[:len(ed)-4] + "\n", "another type": "ssh-rsa " + key + "\n",
		"type in quotes": "\"" + kind + "\" " + key + "\n", "two blanks": kind + "  " + key + "\n", "padding": ed + "==\n", "a hash before the key": "#" + ed + "\n", "an authority": "cert-authority " + ed + "\n",
	})
	list := func(keys []string) string { return strings.Join(keys, " ") }
	bytetable.Test(t, "authorized_keys", texts, func(t *testing.T, text string) string {
		all, err := sshkey.Authorized.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
			"usr/sbin/sshd": "OpenSSH_9.2p1", "etc/ssh/sshd_config": "", "etc/passwd": "root:x:0:0::/root:/bin/sh\n", "root/.ssh/authorized_keys": text,
		})))
		if err != nil {
			return bytetable.Error
		}
		var keys []string
		for _, f := range all {
			if f.Mistakes != nil {
				return bytetable.Error
			}
			for _, k := range f.Keys {
				keys = append(keys, k.Fingerprint)
			}
		}
		return list(keys)
	}, func(t *testing.T, text string) string {
		file := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := oracle.Code(t, "ssh-keygen", "-l", "-f", file)
		var keys []string
		for line := range strings.Lines(string(out)) {
			keys = append(keys, strings.Fields(line)[1])
		}
		return list(keys)
	}, nil)
}
