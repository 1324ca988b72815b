package systemd_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// updating reports whether go test runs with -update, which checktest declares.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

func TestOpenSSH(t *testing.T) {
	const file = "testdata/openssh.txtar"
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tree := &txtar.Archive{Comment: ar.Comment}
	want := ""
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		tree.Files = append(tree.Files, f)
	}
	us := units(t, string(txtar.Format(tree)))
	var b strings.Builder
	for _, name := range []string{"ssh.service", "sshd.service", "ssh.socket", "rescue-ssh.target"} {
		describe(t, &b, us, name)
	}
	if updating() {
		tree.Files = append(tree.Files, txtar.File{Name: "want", Data: []byte(b.String())})
		if err := os.WriteFile(file, txtar.Format(tree), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(b.String(), want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func describe(t *testing.T, b *strings.Builder, us *systemd.Units, name string) {
	u, ok := us.Unit(name)
	if !ok {
		t.Fatalf("no %s", name)
	}
	fmt.Fprintf(b, "%s: %s, preset %q, %s as %s from %s\n", u.Name, u.State, u.Preset, u.Load, u.ID, u.Path)
	for _, l := range u.Links {
		fmt.Fprintf(b, "\t%s of %q: %s\n", l.Kind, l.By, l.Path)
	}
	for _, d := range u.DropIns {
		fmt.Fprintf(b, "\tdrop-in %s\n", d.Path)
	}
	for _, key := range []string{"ExecStartPre", "ExecStart", "ExecReload", "ProtectHome", "Type"} {
		for _, v := range u.Values("Service", key) {
			fmt.Fprintf(b, "\t%s:%d: %s=%s\n", v.Source, v.Line, key, v.Text)
			if !strings.HasPrefix(key, "Exec") {
				continue
			}
			commands, err := systemd.ParseCommand(v.Text)
			fmt.Fprintf(b, "\t\t%q %v\n", commands, err)
		}
	}
	fmt.Fprintf(b, "\tboot: %v, activated by: %v\n", us.BootChain(name), us.ActivatedBy(name))
}
