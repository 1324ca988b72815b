package sshclient_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshclient"
)

// ssh -G prints the value that it uses. It has to be that of the first line for all hosts.
func TestAgreesWithSSH(t *testing.T) {
	oracle.Need(t, "ssh")
	for _, text := range []string{
		"StrictHostKeyChecking no\n", "stricthostkeychecking=no\nStrictHostKeyChecking yes\n", "  StrictHostKeyChecking = \"no\" # c\n",
		"Host *\n    StrictHostKeyChecking accept-new\n", "Host other\nStrictHostKeyChecking no\nHost *\nStrictHostKeyChecking yes\n", "# c\n\nHashKnownHosts yes\nStrictHostKeyChecking ask\r\n",
		"StrictHostKeyChecking\n", "StrictHostKeyChecking \"no\n", "StrictHostKeyChecking 'no\n", "\"StrictHostKeyChecking\" no\n",
		"StrictHostKeyChecking n\"o\"\n", "StrictHostKeyChecking 'no' # c\n",
	} {
		file := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := oracle.Code(t, "ssh", "-G", "-F", file, "host.example")
		lines, err := sshclient.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/ssh/ssh_config --\n"+text))
		if (err != nil) != (code != 0) {
			t.Errorf("%q: got %v, ssh ends with %d", text, err, code)
		}
		want := ""
		for l := range strings.Lines(string(out)) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(l), "stricthostkeychecking "); ok {
				want = map[string]string{"false": "no", "true": "yes"}[v]
				if want == "" {
					want = v
				}
			}
		}
		got := ""
		for _, l := range lines {
			if l.Name == "stricthostkeychecking" && l.For == "" && got == "" {
				got = l.Value
			}
		}
		if got != want {
			t.Errorf("%q: got %q, ssh takes %q", text, got, want)
		}
	}
}

func TestFact(t *testing.T) {
	lines, err := sshclient.Fact.Of(t.Context(),
		inventorytest.System(t, "-- etc/ssh/ssh_config --\nInclude ssh_config.d/*.conf nothing/*\nHost a b\nInclude /etc/more\nMatch user x\nSendEnv LANG\n"+
			"-- etc/ssh/ssh_config.d/10.conf --\nHost c\nForwardAgent yes\n-- etc/more --\nForwardX11 yes\n-- etc/ssh/ssh_config.d/20.conf link=gone --\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%s:%d %s %s (%s)", l.Source, l.Line, l.Name, l.Value, l.For))
	}
	want := []string{"etc/ssh/ssh_config.d/10.conf:2 forwardagent yes (Host c)",
		"etc/more:1 forwardx11 yes (Host a b)", "etc/ssh/ssh_config:5 sendenv LANG (Match user x)"}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	for _, fixture := range []string{"-- etc/ssh/ssh_config --\nInclude ssh_config\n",
		"-- etc/ssh/ssh_config error=EACCES --\n",
		"-- etc/ssh/ssh_config --\nInclude d/*\n-- etc/ssh/d dir error=EACCES --\n"} {
		if got, err := sshclient.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", fixture, got)
		}
	}
	if _, err := sshclient.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no file: got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfHost *\r\nA=\"b c\" # d\x00\nInclude x"))
	f.Add([]byte("A " + strings.Repeat("\"", 1<<20)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := sshclient.Parse(b)
		if err != nil && all != nil {
			t.Fatal("lines beside an error")
		}
		for _, l := range all {
			if l.Name == "" || l.Value == "" || l.Line < 1 {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func ExampleParse() {
	lines, err := sshclient.Parse([]byte("Host *.example\n  StrictHostKeyChecking no\n"))
	fmt.Println(lines[0].Name, lines[0].Value, lines[0].For, err)
	// Output: stricthostkeychecking no Host *.example <nil>
}
