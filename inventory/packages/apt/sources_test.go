package apt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
)

var oneLine = []string{
	"deb http://deb.debian.org/debian bookworm main contrib\n",
	"# c\n\n  deb http://a.example/debian bookworm main # c\r\n",
	"deb [trusted=yes] http://a.example/debian bookworm main\n",
	"deb [ trusted=yes arch=amd64 ] http://a.example/debian bookworm main",
	"deb [Trusted=1 allow-insecure=on]\thttp://a.example/debian\tbookworm\tmain\n",
	"deb [trusted=no] http://a.example/debian bookworm main\n",
	"deb http://a.example/debian ./\n", "deb [trusted=true] http://a.example/debian ./\n",
	"deb http://a.example/debian bookworm\n", "deb http://a.example/debian\n", "deb\n", "rpm http://a.example/ x y\n",
	"deb [trusted=yes http://a.example/debian bookworm main\n", "deb [trusted] http://a.example/debian bookworm main\n",
	"deb http://a.example/debian ./ main\n", "deb-src http://a.example/debian bookworm main\n", "debx\n",
	"deb [signed-by=/usr/share/keyrings/x.gpg] https://a.example/debian bookworm main\n",
	"deb [arch+=i386] http://a.example/debian bookworm main\n", "deb [] http://a.example/debian bookworm main\n",
}

var stanza822 = []string{
	"Types: deb\nURIs: http://a.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n",
	"# c\nTypes: deb deb-src\nURIs: http://a.example/debian\n http://b.example/debian\nSuites: bookworm\nComponents: main\nTrusted: yes\n",
	"Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n\nTypes: deb\nURIs: http://b.example/debian\nSuites: ./\n",
	"types: deb\nuris: http://a.example/debian\nsuites: bookworm\ncomponents: main\ntrusted: NO\n",
	"Types: deb\nSuites: bookworm\n", "nonsense\n", "Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\n# c\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n x\n\n\n",
	"Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\nAllow-Insecure: yes\nEnabled: yes",
}

// askTargets returns what APT reads from a file of sources: each suite of each address of binary
// packages.
func askTargets(t *testing.T, name, text string) (list []string, refused bool) {
	t.Helper()
	dir := t.TempDir()
	conf := fmt.Sprintf("Dir::Etc::parts \"/nowhere\";\nDir::Etc::main \"/nowhere\";\nDir::Etc::sourcelist \"/nowhere\";\nDir::Etc::sourceparts %q;\nAPT::Architecture \"amd64\";\n", dir)
	first := filepath.Join(t.TempDir(), "first")
	for file, text := range map[string]string{filepath.Join(dir, name): text, first: conf} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("APT_CONFIG", first)
	out, code := oracle.Code(t, "apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE)",
		"Created-By: Packages")
	for line := range strings.Lines(string(out)) {
		list = append(list, strings.Join(strings.Fields(line), " "))
	}
	slices.Sort(list)
	return slices.Compact(list), code != 0
}

// listTargets returns the same of the sources that were parsed.
func listTargets(all []apt.Source) []string {
	var list []string
	for _, s := range all {
		if s.Disabled || !slices.Contains(s.Types, "deb") {
			continue
		}
		for _, uri := range s.URIs {
			for _, suite := range s.Suites {
				list = append(list, strings.TrimSuffix(uri, "/")+"/ "+suite)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestSourcesAgreeWithAPT(t *testing.T) {
	oracle.Need(t, "apt-get")
	for name, texts := range map[string][]string{"x.list": oneLine, "x.sources": stanza822} {
		for _, text := range texts {
			want, refused := askTargets(t, name, text)
			all, err := apt.Sources.Of(t.Context(), inventorytest.System(t, fixture("etc/apt/sources.list.d/"+name, text)))
			if (err != nil) != refused || !slices.Equal(listTargets(all), want) {
				t.Errorf("%q: got %q, %v, want %q, refused %v", text, listTargets(all), err, want, refused)
			}
		}
	}
}

func TestSources(t *testing.T) {
	all, err := apt.Sources.Of(t.Context(), inventorytest.System(t, fixture("etc/apt/sources.list", oneLine[0])+
		fixture("etc/apt/sources.list.d/b.sources", stanza822[1])+fixture("etc/apt/sources.list.d/a.list", "\n"+oneLine[2])+
		fixture("etc/apt/sources.list.d/c.list.save", "nonsense")))
	if err != nil || len(all) != 3 {
		t.Fatalf("got %v, %v", all, err)
	}
	if s := all[1]; s.Source != "etc/apt/sources.list.d/a.list" || s.Line != 2 || !s.Option("trusted") ||
		s.Option("allow-insecure") {
		t.Errorf("got %+v", s)
	}
	if s := all[2]; s.Line != 2 || len(s.URIs) != 2 {
		t.Errorf("got %+v", s)
	}
	_, err = apt.Sources.Of(t.Context(),
		inventorytest.System(t, fixture("etc/apt/apt.conf", `Dir::Etc::SourceParts "/srv";`)))
	if !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("other folders: got %v", err)
	}
	_, err = apt.Sources.Of(t.Context(), inventorytest.System(t, fixture("etc/apt/sources.list", "x")))
	if err == nil || !strings.Contains(err.Error(), "etc/apt/sources.list: line 1") {
		t.Errorf("a mistake: got %v", err)
	}
}

func TestOption(t *testing.T) {
	for text, want := range map[string]bool{"yes": true, "YES": true, "1": true, "on": true, "no": false, "0": false,
		"": false, "maybe": false} {
		all, err := apt.ParseSources([]byte("deb [trusted=" + text + "] http://a.example/ x main"))
		if err != nil || all[0].Option("trusted") != want {
			t.Errorf("%q: got %v, %v", text, all, err)
		}
	}
}

func FuzzSources(f *testing.F) {
	for _, text := range slices.Concat(oneLine, stanza822) {
		f.Add([]byte(text))
	}
	f.Add([]byte("\xef\xbb\xbfdeb x y z\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) ([]apt.Source, error){apt.ParseSources, apt.ParseDeb822} {
			all, err := parse(b)
			if err != nil && all != nil {
				t.Fatal("sources beside an error")
			}
			for _, s := range all {
				if s.Line < 1 || !s.Disabled && (len(s.URIs) == 0 || len(s.Suites) == 0) {
					t.Fatalf("%+v", s)
				}
			}
		}
	})
}
