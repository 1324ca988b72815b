// Package dnf reads how DNF and YUM are configured on systems with RPM packages. It reads the
// repositories, from etc/dnf/dnf.conf or etc/yum.conf and the *.repo files, dnf.conf(5), and
// whether updates are installed automatically, from etc/dnf/automatic.conf, dnf-automatic(8).
package dnf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/ini"
	"github.com/hardening-sdk/hardening/inventory"
)

// Repo is one repository. The source and line of a setting are those of the repository's section,
// else those of the section main. A setting that has its default has neither.
type Repo struct {
	inventory.Position // the first line of its section that sets something

	ID      string
	Enabled bool
	// GPGCheck is 1 where packages have to be signed, else 0.
	GPGCheck inventory.Setting
	// SSLVerify is 1 where certificates of https are checked, else 0.
	SSLVerify inventory.Setting
}

// mains are the configuration files of DNF 4 and 5, and of YUM. The first that exists counts.
var mains = []string{"etc/dnf/dnf.conf", "etc/yum.conf"}

// folders are where DNF looks for *.repo files unless reposdir is set, dnf.conf(5).
var folders = []string{"etc/yum.repos.d", "etc/yum/repos.d", "etc/distro.repos.d"}

// Repos returns the repositories of the system, in the order in which their files are read. Without
// DNF and YUM it returns [inventory.ErrAbsent].
var Repos = inventory.NewFact("dnf", collectRepos)

func collectRepos(ctx context.Context, s *inventory.System) ([]Repo, error) {
	main, err := readMain(ctx, s)
	if err != nil {
		return nil, err
	}
	// reposdir replaces the default folders.
	dirs := folders
	if dir, ok := main["reposdir"]; ok {
		dirs = nil
		for _, d := range strings.FieldsFunc(dir.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
			dirs = append(dirs, strings.Trim(d, "/"))
		}
	}
	if err := checkOverrides(ctx, s); err != nil {
		return nil, err
	}
	var all []Repo
	for _, dir := range dirs {
		some, err := readFolder(ctx, s, dir, main)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// checkOverrides returns an error where files of DNF 5 override settings of repositories. These
// overrides are not followed here.
func checkOverrides(ctx context.Context, s *inventory.System) error {
	for _, dir := range []string{"etc/dnf/repos.override.d", "usr/share/dnf5/repos.override.d"} {
		entries, err := s.ReadDir(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".repo") {
				return fmt.Errorf("%s/%s changes repositories: %w", dir, e.Name(), inventory.ErrUnavailable)
			}
		}
	}
	return nil
}

// settings are the settings of one section by name.
type settings = map[string]inventory.Setting

// readMain returns the section main of the configuration.
func readMain(ctx context.Context, s *inventory.System) (settings, error) {
	for _, name := range mains {
		entries, err := inventory.ParseFile(ctx, s, name, ini.Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return selectSection(entries, "main", name), nil
	}
	return nil, fmt.Errorf("no dnf.conf: %w", inventory.ErrAbsent)
}

// selectSection returns the settings of a section. The last line of a name counts.
func selectSection(entries []ini.Entry, name, file string) settings {
	all := settings{}
	for _, e := range entries {
		if e.Section == name {
			all[e.Key] = inventory.Setting{Name: e.Key, Value: e.Value,
				Position: inventory.Position{Source: file, Line: e.Line}}
		}
	}
	return all
}

// readFolder returns the repositories of the *.repo files in a folder.
func readFolder(ctx context.Context, s *inventory.System, dir string, main settings) ([]Repo, error) {
	entries, err := s.ReadDir(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Repo
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".repo") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := dir + "/" + e.Name()
		lines, err := inventory.ParseFile(ctx, s, name, ini.Parse)
		if inventory.IsAbsent(err, name) { // a dangling link
			continue
		}
		if err != nil {
			return nil, err
		}
		some, err := parseRepos(lines, name, main)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// ofRepos are the keys of a repository that are looked at.
var ofRepos = []string{"enabled", "gpgcheck", "pkg_gpgcheck", "sslverify"}

// parseRepos returns the repositories of one file.
func parseRepos(lines []ini.Entry, file string, main settings) ([]Repo, error) {
	var all []Repo
	own := settings{}
	for _, some := range groupSections(lines) {
		first := some[0]
		clear(own)
		for _, e := range some {
			if slices.Contains(ofRepos, e.Key) {
				own[e.Key] = inventory.Setting{Name: e.Key, Value: e.Value,
					Position: inventory.Position{Source: file, Line: e.Line}}
			}
		}
		enabled, errE := lookupBool("enabled", "1", own, nil)
		check, errC := lookupBool("gpgcheck", "0", own, main)
		if newer, ok := own["pkg_gpgcheck"]; ok { // the name of gpgcheck since DNF 5
			own["gpgcheck"] = newer
			check, errC = lookupBool("gpgcheck", "0", own, nil)
		}
		verify, errV := lookupBool("sslverify", "1", own, main)
		if err := errors.Join(errE, errC, errV); err != nil {
			return nil, err
		}
		at := inventory.Position{Source: file, Line: first.Line}
		all = append(all, Repo{at, first.Section, enabled.Value == "1", check, verify})
	}
	return all, nil
}

// groupSections returns the lines of each section but main, in the order in which sections begin.
func groupSections(lines []ini.Entry) [][]ini.Entry {
	first := map[string]int{} // the line in which a section begins
	for i, l := range slices.Backward(lines) {
		first[l.Section] = i
	}
	sorted := slices.DeleteFunc(slices.Clone(lines), func(l ini.Entry) bool { return l.Section == "main" })
	slices.SortStableFunc(sorted, func(a, b ini.Entry) int { return cmp.Compare(first[a.Section], first[b.Section]) })
	var all [][]ini.Entry
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].Section == sorted[0].Section {
			n++
		}
		all = append(all, sorted[:n])
		sorted = sorted[n:]
	}
	return all
}

// lookupBool returns a setting of yes and no as 1 or 0. It looks in own first, then in main.
func lookupBool(name, def string, own, main settings) (inventory.Setting, error) {
	v, ok := own[name]
	if !ok {
		v, ok = main[name]
	}
	if !ok {
		return inventory.Setting{Name: name, Value: def}, nil
	}
	switch strings.ToLower(v.Value) {
	case "1", "yes", "true", "on":
		v.Value = "1"
	case "0", "no", "false", "off":
		v.Value = "0"
	default:
		return v, fmt.Errorf("%s:%d: %s is neither yes nor no", v.Source, v.Line, name)
	}
	return v, nil
}

// automatic is the configuration file of dnf-automatic.
const automatic = "etc/dnf/automatic.conf"

// Automatic returns the section commands of etc/dnf/automatic.conf, dnf-automatic(8), such as
// apply_updates and upgrade_type. Without the file it returns [inventory.ErrAbsent].
var Automatic = inventory.NewFact("dnf-automatic", readAutomatic)

func readAutomatic(ctx context.Context, s *inventory.System) (map[string]inventory.Setting, error) {
	entries, err := inventory.ParseFile(ctx, s, automatic, ini.Parse)
	if inventory.IsAbsent(err, automatic) {
		return nil, fmt.Errorf("%s: %w", automatic, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all := selectSection(entries, "commands", automatic)
	apply, err := lookupBool("apply_updates", "0", all, nil)
	if err != nil {
		return nil, err
	}
	all["apply_updates"] = apply
	if _, ok := all["upgrade_type"]; !ok {
		all["upgrade_type"] = inventory.Setting{Name: "upgrade_type", Value: "default"}
	}
	return all, nil
}
