// Package dnf tells how DNF is configured on systems with RPM packages: its repositories, and
// whether it installs updates by itself (dnf.conf(5), dnf-automatic(8)).
package dnf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/ini"
	"github.com/hardening-sdk/hardening/inventory"
)

// Repo is one repository. Its settings hold where they were read: the section of the
// repository, else the section main, else nothing where the default counts.
type Repo struct {
	ID      string
	Enabled bool
	// GPGCheck is whether packages have to be signed: 1 or 0.
	GPGCheck inventory.Setting
	// SSLVerify is whether certificates of https are checked: 1 or 0.
	SSLVerify inventory.Setting
	File      string
	Line      int // the first line of the section that sets something
}

// The configuration of DNF 4 and 5, and of YUM.
var mains = []string{"etc/dnf/dnf.conf", "etc/yum.conf"}

// folders is where DNF looks for *.repo, unless reposdir says otherwise, dnf.conf(5).
var folders = []string{"etc/yum.repos.d", "etc/yum/repos.d", "etc/distro.repos.d"}

// Repos is the repositories of the system, of all files in the order in which they are read.
// A system without DNF and YUM answers [inventory.ErrAbsent].
var Repos = inventory.NewFact("dnf", func(ctx context.Context, s *inventory.System) ([]Repo, error) {
	main, err := mainOf(ctx, s)
	if err != nil {
		return nil, err
	}
	dirs := folders
	if dir, ok := main["reposdir"]; ok {
		dirs = nil
		for _, d := range strings.FieldsFunc(dir.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
			dirs = append(dirs, strings.Trim(d, "/"))
		}
	}
	if err := overridden(ctx, s); err != nil {
		return nil, err
	}
	var all []Repo
	for _, dir := range dirs {
		some, err := reposIn(ctx, s, dir, main)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
})

// overridden says that DNF 5 is told to change what the files of repositories say, which is
// not followed here.
func overridden(ctx context.Context, s *inventory.System) error {
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

// mainOf answers the section main of the configuration.
func mainOf(ctx context.Context, s *inventory.System) (map[string]inventory.Setting, error) {
	for _, name := range mains {
		entries, err := inventory.ParseFile(ctx, s, name, ini.Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return section(entries, "main", name), nil
	}
	return nil, fmt.Errorf("no dnf.conf: %w", inventory.ErrAbsent)
}

// section answers the settings of a section; of several with one name the last counts.
func section(entries []ini.Entry, name, file string) map[string]inventory.Setting {
	all := map[string]inventory.Setting{}
	for _, e := range entries {
		if e.Section == name {
			all[e.Key] = inventory.Setting{Name: e.Key, Value: e.Value, Source: file, Line: e.Line}
		}
	}
	return all
}

func reposIn(ctx context.Context, s *inventory.System, dir string, main map[string]inventory.Setting) ([]Repo, error) {
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
		some, err := repos(lines, name, main)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// repos answers the repositories of one file.
func repos(lines []ini.Entry, file string, main map[string]inventory.Setting) ([]Repo, error) {
	var all []Repo
	for _, l := range lines {
		if l.Section == "main" || slices.ContainsFunc(all, func(r Repo) bool { return r.ID == l.Section }) {
			continue
		}
		own := section(lines, l.Section, file)
		enabled, errE := flag("enabled", "1", own, nil)
		check, errC := flag("gpgcheck", "0", own, main)
		if newer, ok := own["pkg_gpgcheck"]; ok { // DNF 5's name of the same
			own["gpgcheck"] = newer
			check, errC = flag("gpgcheck", "0", own, nil)
		}
		verify, errV := flag("sslverify", "1", own, main)
		if err := errors.Join(errE, errC, errV); err != nil {
			return nil, err
		}
		all = append(all, Repo{l.Section, enabled.Value == "1", check, verify, file, l.Line})
	}
	return all, nil
}

// flag answers a setting of yes and no as 1 or 0.
func flag(name, def string, own, main map[string]inventory.Setting) (inventory.Setting, error) {
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

const automatic = "etc/dnf/automatic.conf"

// Automatic is the section commands of etc/dnf/automatic.conf, which says what
// dnf-automatic(8) does: apply_updates, upgrade_type. A system without the file answers
// [inventory.ErrAbsent].
var Automatic = inventory.NewFact("dnf-automatic", func(ctx context.Context, s *inventory.System) (map[string]inventory.Setting, error) {
	entries, err := inventory.ParseFile(ctx, s, automatic, ini.Parse)
	if inventory.IsAbsent(err, automatic) {
		return nil, fmt.Errorf("%s: %w", automatic, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all := section(entries, "commands", automatic)
	apply, err := flag("apply_updates", "0", all, nil)
	if err != nil {
		return nil, err
	}
	all["apply_updates"] = apply
	if _, ok := all["upgrade_type"]; !ok {
		all["upgrade_type"] = inventory.Setting{Name: "upgrade_type", Value: "default"}
	}
	return all, nil
})
