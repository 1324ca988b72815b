package session

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/logins/environment"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// RootPath is the kind session.root-path. It requires that nobody but root can put a program where
// root looks for one: PATH, as login.defs(5), etc/environment, etc/profile and root's own start
// files set it, has no empty or relative element, and every folder in it that is there belongs to
// root and is not writable by group or others. Only root may be able to change the folders on the
// way to each, or to make one that is missing.
type RootPath struct{}

const wantPath = "folders that only root can write to"

// defaultPath is what login and su give root where login.defs says nothing.
const defaultPath = "/sbin:/bin:/usr/sbin:/usr/bin"

// Check returns the check.
func (RootPath) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		if there, err := shell(ctx, sys); err != nil {
			return err
		} else if !there {
			return noShell(v)
		}
		home, err := rootHome(ctx, sys)
		if err != nil {
			return err
		}
		all, err := paths(ctx, sys, home)
		if err != nil {
			return err
		}
		j := judgePath{home, map[string]string{}, &file.Guard{}, map[string]bool{}}
		j.agree(all)
		for _, s := range all {
			if err := j.look(ctx, sys, s); err != nil {
				return err
			}
		}
		f := newFinder(v)
		for _, s := range all {
			j.value(s, f)
		}
		return nil
	}), nil
}

func rootHome(ctx context.Context, sys *inventory.System) (string, error) {
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return "", err
	}
	for _, u := range users {
		if u.Name == "root" && strings.HasPrefix(u.Home, "/") {
			return path.Clean(u.Home), nil
		}
	}
	return "/root", nil
}

// paths returns all that sets root's PATH.
func paths(ctx context.Context, sys *inventory.System, home string) ([]shellrc.Statement, error) {
	defs, err := logindefs.Fact.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	var all []shellrc.Statement
	for _, name := range []string{"ENV_SUPATH", "ENV_ROOTPATH"} {
		if x, ok := defs[name]; ok {
			all = append(all, shellrc.Statement{Value: shellrc.Text(strings.TrimPrefix(x.Value, "PATH=")), Position: x.Position})
		}
	}
	if len(all) == 0 {
		all = append(all, shellrc.Statement{Value: defaultPath, Position: inventory.Position{Source: "etc/login.defs"}})
	}
	vars, err := environment.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	for _, x := range vars {
		if x.Name == "PATH" {
			all = append(all, shellrc.Statement{Value: shellrc.Text(x.Value), Position: x.Position})
		}
	}
	for _, sh := range logins {
		if !sh.Root {
			continue
		}
		for _, sh.Interactive = range []bool{true, false} {
			more, err := ofProfile(ctx, sys, sh)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	for _, name := range []string{path.Join(home[1:], ".bash_profile"), path.Join(home[1:], ".bash_login"), path.Join(home[1:], ".profile"), path.Join(home[1:], ".bashrc")} {
		start, err := shellrc.File.Of(ctx, sys, name)
		if err != nil {
			return nil, err
		}
		for _, s := range start {
			if s.Name == "PATH" && (s.What == shellrc.Assign || s.What == shellrc.Prefix) {
				all = append(all, s)
			}
		}
	}
	return all, nil
}

// ofProfile returns the values of PATH that a shell may have behind etc/profile.
func ofProfile(ctx context.Context, sys *inventory.System, sh shellrc.Shell) ([]shellrc.Statement, error) {
	values, err := variables(ctx, sys, sh, "PATH")
	if err != nil {
		return nil, err
	}
	var all []shellrc.Statement
	for _, x := range values {
		switch {
		case x.Source != "":
			all = append(all, shellrc.Statement{Value: x.Value, Position: x.Position, Conditional: len(values) > 1})
		case len(values) > 1: // it may be as it was before
			all = append(all, shellrc.Statement{Value: x.Value, Position: inventory.Position{Source: sh.Script}, Conditional: true})
		}
	}
	return all, nil
}

type judgePath struct {
	home string
	seen map[string]string // what is wrong with a folder, by its path
	way  *file.Guard
	// agreed are the elements that all values have which one shell may come to.
	agreed map[string]bool
}

// agree finds the elements that all conditional values have.
func (j judgePath) agree(all []shellrc.Statement) {
	values := 0
	have := map[string]int{}
	for _, s := range all {
		if !s.Conditional || s.Func != "" || s.What != 0 {
			continue
		}
		values++
		seen := map[string]bool{}
		for _, e := range j.elements(s) {
			if !seen[e] {
				have[e]++
			}
			seen[e] = true
		}
	}
	for e, n := range have {
		j.agreed[e] = n == values
	}
}

// elements returns the elements of a value of PATH, but for what was there before and what
// pathmunge is called with.
func (j judgePath) elements(s shellrc.Statement) []string {
	all := strings.Split(strings.ReplaceAll(string(s.Value), "\x00HOME\x00", j.home), ":")
	return slices.DeleteFunc(all, func(e string) bool {
		return e == "\x00PATH\x00" || s.Func == "pathmunge" && e == "\x001\x00"
	})
}

// look looks at the folders in a value, before anything is judged.
func (j judgePath) look(ctx context.Context, sys *inventory.System, s shellrc.Statement) error {
	for _, e := range j.elements(s) {
		name, wrong, _ := j.element(e)
		if _, seen := j.seen[name]; seen || wrong != "" {
			continue
		}
		var err error
		if j.seen[name], err = folder(ctx, sys, strings.TrimPrefix(name, "/")); err != nil {
			return err
		}
		// Who can rename a folder on the way, or make one that is missing, has it too.
		if j.seen[name] == "" {
			if j.seen[name], _, err = j.way.Add(ctx, sys, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// value judges one value of PATH.
func (j judgePath) value(s shellrc.Statement, f finder) {
	ev := check.Evidence{Position: s.Position, Subject: "PATH", Want: wantPath}
	var fine []string
	all := j.elements(s)
	for _, e := range all {
		name, wrong, unknown := j.element(e)
		if wrong == "" {
			wrong = j.seen[name]
		}
		switch ev.Got = wrong; {
		case wrong == "":
			fine = append(fine, name)
		case unknown || s.Conditional && !j.agreed[e]:
			f.unsure(ev)
		default:
			f.bad(ev)
		}
	}
	if len(fine) < len(all) {
		return
	}
	if ev.Got = "such folders"; len(fine) > 0 {
		ev.Got += ": " + strings.Join(fine, ":")
	}
	f.good(ev)
}

// element returns the folder that an element names, or what is wrong with the element itself, which
// may not be known.
func (j judgePath) element(e string) (name, wrong string, unknown bool) {
	if e == "~" || strings.HasPrefix(e, "~/") {
		e = j.home + e[1:]
	}
	switch {
	case strings.ContainsRune(e, 0):
		return "", "a folder that is worked out", true
	case e == "":
		return "", "an empty element, which is the folder at hand", false
	case e[0] != '/':
		return "", "a relative folder", false
	}
	return path.Clean(e), "", false
}

// folder returns how others than root can change a folder, and nothing where they cannot.
func folder(ctx context.Context, sys *inventory.System, name string) (string, error) {
	if name == "" {
		name = "."
	}
	f, err := files.Follow(ctx, sys, name)
	if inventory.IsAbsent(err, name) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if !f.Owned() {
		return "", fmt.Errorf("%s: its owner and permissions are not known: %w", name, inventory.ErrUnavailable)
	}
	mode := file.ModeOf(f.Mode)
	switch {
	case f.UID != 0:
		return fmt.Sprintf("%s of user %d", name, f.UID), nil
	case mode&0o022 != 0:
		return fmt.Sprintf("%s with mode %s", name, mode), nil
	}
	return "", nil
}
