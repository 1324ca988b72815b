package session

import (
	"context"
	"errors"
	"fmt"
	"path"
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

// RootPath asks that nobody but root can put a program where root looks for one: PATH, as
// login.defs(5), etc/environment, etc/profile and root's own start files set it, has no empty
// or relative element, and every folder in it that is there belongs to root and is not
// writable by group or others.
type RootPath struct{}

const wantPath = "folders that only root can write to"

// defaultPath is what login and su give root where login.defs says nothing.
const defaultPath = "/sbin:/bin:/usr/sbin:/usr/bin"

// Check makes the check.
func (RootPath) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		if there, err := shell(ctx, sys); err != nil {
			return check.FromError(err)
		} else if !there {
			return check.Absent("no shell")
		}
		home, err := rootHome(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		all, err := paths(ctx, sys, home)
		if err != nil {
			return check.FromError(err)
		}
		var v verdict
		j := judgePath{ctx, sys, home, map[string]string{}}
		for _, s := range all {
			if err := j.value(s, &v); err != nil {
				return check.FromError(err)
			}
		}
		return v.result()
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
		all = append(all, shellrc.Statement{Value: defaultPath, Position: inventory.Position{Source: "login.defs"}})
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
	for _, name := range []string{"etc/profile", path.Join(home[1:], ".bash_profile"), path.Join(home[1:], ".bash_login"), path.Join(home[1:], ".profile"), path.Join(home[1:], ".bashrc")} {
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

type judgePath struct {
	ctx  context.Context
	sys  *inventory.System
	home string
	seen map[string]string // what is wrong with a folder, by its path
}

// value judges one value of PATH.
func (j judgePath) value(s shellrc.Statement, v *verdict) error {
	ev := check.Evidence{Position: s.Position, Subject: "PATH", Want: wantPath}
	text := strings.ReplaceAll(string(s.Value), "\x00HOME\x00", j.home)
	fine := true
	for element := range strings.SplitSeq(text, ":") {
		if element == "\x00PATH\x00" || s.Func == "pathmunge" && element == "\x001\x00" {
			continue // what was there before; what pathmunge is called with
		}
		wrong, unknown, err := j.element(element)
		if err != nil {
			return err
		}
		if wrong == "" {
			continue
		}
		fine = false
		if ev.Got = wrong; unknown || s.Conditional {
			v.unsure = append(v.unsure, ev)
		} else {
			v.bad = append(v.bad, ev)
		}
	}
	if ev.Got = "such folders"; fine {
		v.good = append(v.good, ev)
	}
	return nil
}

func (j judgePath) element(e string) (wrong string, unknown bool, err error) {
	if e == "~" || strings.HasPrefix(e, "~/") {
		e = j.home + e[1:]
	}
	switch {
	case strings.ContainsRune(e, 0):
		return "a folder that is worked out", true, nil
	case e == "":
		return "an empty element, which is the folder at hand", false, nil
	case e[0] != '/':
		return "a relative folder", false, nil
	}
	e = path.Clean(e)
	if wrong, ok := j.seen[e]; ok {
		return wrong, false, nil
	}
	wrong, err = j.folder(strings.TrimPrefix(e, "/"))
	j.seen[e] = wrong
	return wrong, false, err
}

func (j judgePath) folder(name string) (string, error) {
	if name == "" {
		name = "."
	}
	f, err := files.Follow(j.ctx, j.sys, name)
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
