package apt_test

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
)

// apt-config tells values, and apt-get the targets of sources.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"apt.conf":     {Key: "APT::Periodic::Enable", Sep: " ", Value: "\"1\";", Other: "\"0\";", Comment: "//"},
		"block":        {Head: "APT {\n", Key: "Get::AllowUnauthenticated", Sep: " ", Value: "\"true\";", Other: "\"false\";", Comment: "#", Tail: "};\n"},
		"sources.list": {Key: "deb", Sep: " ", Value: "[trusted=yes] http://a.example/ x main", Other: "http://b.example/ x main", Comment: "#"},
		"deb822":       {Head: "Types: deb\nURIs: http://a.example/\nSuites: x\nComponents: main\n", Key: "Enabled", Sep: ": ", Value: "no", Other: "yes", Comment: "#"},
		"suites":       {Head: "Types: deb\nURIs: http://a.example/\n", Key: "Suites", Sep: ": ", Value: "x", Other: "y", Comment: "#", Tail: "Components: main\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file, asked := "etc/apt/apt.conf", []string{"APT::Periodic::Enable", "APT::Get::AllowUnauthenticated"}
			switch name {
			case "sources.list":
				file, asked = "etc/apt/sources.list", nil
			case "deb822", "suites":
				file, asked = "etc/apt/sources.list.d/a.sources", nil
			}
			ours := func(t *testing.T, text string) string {
				s := inventorytest.Folder(t, bytetable.Tree(t, map[string]string{file: text}))
				var all []string
				if asked != nil {
					c, err := apt.Fact.Of(t.Context(), s)
					if err != nil {
						return bytetable.Error
					}
					for _, name := range asked {
						if v, ok := c.Lookup(name); ok {
							all = append(all, v.Value)
						}
					}
					return shown(strings.Join(all, ", "))
				}
				sources, err := apt.Sources.Of(t.Context(), s)
				if err != nil {
					return bytetable.Error
				}
				for _, x := range sources {
					if x.Disabled {
						continue
					}
					for _, u := range x.URIs {
						for _, s := range x.Suites {
							all = append(all, strings.TrimRight(u, "/")+"/ "+s)
						}
					}
				}
				slices.Sort(all)
				all = slices.Compact(all)
				return shown(strings.Join(all, ", "))
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "apt-config", "apt-get", "sh")
				dir := bytetable.Tree(t, map[string]string{file: text, "etc/apt/x": "", "none/x": "", "lists/partial/x": ""})
				if asked != nil {
					var all []string
					for _, name := range asked {
						out, code := oracle.Code(t, "sh", "-c", "APT_CONFIG="+filepath.Join(dir, file)+" apt-config -o Dir::Etc::Parts="+dir+"/none -o Dir::Etc::Main=none dump --format '%F=%v,%n' 2>/dev/null")
						if code != 0 {
							return bytetable.Error
						}
						for l := range strings.Lines(string(out)) {
							if key, v, _ := strings.Cut(l, "="); strings.EqualFold(key, name) {
								all = append(all, strings.TrimSuffix(v, ",\n"))
							}
						}
					}
					return shown(strings.Join(all, ", "))
				}
				out, code := oracle.Code(t, "apt-get", "-o", "Dir::Etc::SourceList="+dir+"/etc/apt/sources.list", "-o", "Dir::Etc::SourceParts="+dir+"/etc/apt/sources.list.d",
					"-o", "Dir::State::lists="+dir+"/lists", "-o", "APT::Architecture=amd64", "update", "--print-uris")
				if code != 0 {
					return bytetable.Error
				}
				var all []string
				for l := range strings.Lines(string(out)) {
					uri, _, _ := strings.Cut(strings.TrimPrefix(l, "'"), "' ")
					uri, found := strings.CutSuffix(uri, "/InRelease")
					if !found {
						continue
					}
					uri, err := url.PathUnescape(uri)
					if err != nil {
						t.Fatal(err)
					}
					base, suite, _ := strings.Cut(uri, "/dists/")
					all = append(all, base+"/ "+suite)
				}
				slices.Sort(all)
				all = slices.Compact(all)
				return shown(strings.Join(all, ", "))
			}, nil)
		})
	}
}

func shown(s string) string {
	return strings.NewReplacer("\r", `\r`, "\n", `\n`).Replace(s)
}
