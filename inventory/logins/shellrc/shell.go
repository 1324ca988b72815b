package shellrc

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Shell is a shell that starts.
type Shell struct {
	Script      string // the start file that it reads, such as etc/profile
	Bash        bool   // bash(1); else dash(1)
	Interactive bool   // somebody types into it
	Root        bool   // it is root's; else that of an account of 1000 or more
	Mask        string // the mask that it begins with, octal; empty where it is not known
	Focus       string // the variable whose values are told apart; empty for the mask and limits alone
}

// Outcome is what a shell may have come to when it has read its start files.
type Outcome struct {
	Mask Mask
	// Variable is that of the focus, which has neither Mask nor Core. In PATH the value of before is the name between two NULs.
	Variable Variable
	// Core is the hard limit for images of memory that the files set, empty where they set none.
	Core Variable
	// Lost means that what the files do could not be followed to the end: nothing is known.
	Lost bool
}

// Outcomes returns what a shell may come to. Files in home folders are not read. There are several
// outcomes where something that the tree does not tell decides. Without the file there is one.
var Outcomes = inventory.NewKeyed("shell", start)

// script is what a file of commands is made of, nil where there is none.
var script = inventory.NewKeyed("script", readScript)

func readScript(ctx context.Context, s *inventory.System, name string) (*node, error) {
	tree, err := inventory.ParseOnce(ctx, s, name, func(b []byte) (*node, error) { return grow(string(b), &budget.Budget{}) })
	if inventory.IsAbsent(err, name) {
		return nil, nil
	}
	return tree, err
}

// findScript returns the name of the start file that a shell reads first.
func findScript(ctx context.Context, s *inventory.System, name string) (string, error) {
	from, _, err := vendored.Read(name, func(name string) (*node, error) {
		tree, err := script.Of(ctx, s, name)
		if err == nil && tree == nil {
			err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
		}
		return tree, err
	}, inventory.IsAbsent)
	if inventory.IsAbsent(err, name) {
		return name, nil
	}
	return from, err
}

func start(ctx context.Context, s *inventory.System, sh Shell) ([]Outcome, error) {
	var left budget.Budget
	looks := map[string]found{}
	globs := map[string][]string{}
	name, err := findScript(ctx, s, sh.Script)
	if err != nil {
		return nil, err
	}
	x := &run{Shell: sh, left: &left, file: name}
	if sh.Focus != "" {
		x.focus = []string{sh.Focus}
	}
	x.include = func(x *run, name string) (*node, error) {
		name = strings.TrimPrefix(path.Clean(name), "/")
		if err := left.Include(); err != nil {
			return nil, err
		}
		tree, err := script.Of(ctx, s, name)
		if tree != nil && slices.Contains(x.chain, name) {
			return nil, fmt.Errorf("%s: files take in one another: %w", name, inventory.ErrUnavailable)
		}
		return tree, err
	}
	x.look = func(name string) (found, error) {
		name = strings.TrimPrefix(path.Clean(name), "/")
		if f, ok := looks[name]; ok {
			return f, nil
		}
		f, err := look(ctx, s, name)
		if err == nil {
			looks[name] = f
		}
		return f, err
	}
	x.glob = func(pattern string) ([]string, error) {
		if all, ok := globs[pattern]; ok {
			return all, nil
		}
		if err := left.Include(); err != nil {
			return nil, err
		}
		all, err := s.Glob(ctx, strings.TrimPrefix(path.Clean(pattern), "/"))
		if err != nil {
			return nil, err
		}
		var names []string
		for _, name := range all {
			if !strings.HasPrefix(path.Base(name), ".") {
				names = append(names, "/"+name)
			}
		}
		globs[pattern] = names
		return names, nil
	}
	return x.outcomes()
}

// volatile are folders whose content is that of the moment.
var volatile = []string{"dev", "proc", "sys", "run", "tmp", "var/run", "var/tmp", "var/lock", "home", "media", "mnt"}

func look(ctx context.Context, s *inventory.System, name string) (found, error) {
	for _, dir := range volatile {
		if name == dir || strings.HasPrefix(name, dir+"/") {
			return found{}, nil
		}
	}
	info, err := s.Stat(ctx, name)
	if inventory.IsAbsent(err, name) {
		return found{sure: true}, nil
	}
	if err != nil {
		return found{}, err
	}
	return found{there: true, sure: true, mode: info.Mode(), size: info.Size(), modes: filetree.SysOf(info).Has&filetree.HasMode != 0 || info.Mode().Perm() != 0 && info.Mode()&fs.ModeType == 0}, nil
}

func (x *run) outcomes() ([]Outcome, error) {
	st := &state{vars: map[string]variable{}, funcs: map[string]*node{}, mask: Text(x.Mask), argsKnown: true}
	if x.Mask == "" {
		st.mask = unknown
	}
	set := func(name string, v val, exported bool) {
		st.vars[name] = variable{val: v, set: yes, exported: exported}
	}
	set("PATH", known(before), true)
	for _, name := range []string{"HOME", "USER", "LOGNAME"} {
		set(name, val{filled: true, person: true}, true)
	}
	flags := "hBc"
	if x.Root {
		set("HOME", known("/root"), true)
		set("USER", known("root"), true)
		set("LOGNAME", known("root"), true)
	}
	if x.Bash {
		set("BASH", known("/bin/bash"), false)
		set("BASH_VERSION", val{filled: true}, false)
		for _, name := range []string{"UID", "EUID"} {
			st.vars[name] = variable{val: x.uid(), set: yes, protected: true}
		}
		st.vars["SHLVL"] = variable{val: val{filled: true}, set: yes, exported: true}
		if x.Interactive {
			flags = "himBH"
		}
	} else {
		flags = ""
		if x.Interactive {
			flags = "im"
		}
		for _, name := range []string{"BASH", "BASH_VERSION", "UID", "EUID"} {
			st.vars[name] = variable{set: no}
		}
	}
	set("-", known(flags), false)
	for _, name := range []string{"PS1", "PS2"} {
		if st.vars[name] = (variable{set: no}); x.Interactive || !x.Bash {
			set(name, val{filled: true}, false)
		}
	}
	for _, name := range []string{"KSH_VERSION", "ZSH_VERSION", "ZSH_NAME"} {
		st.vars[name] = variable{set: no}
	}
	tree, err := x.include(x, x.file)
	if err != nil {
		return nil, err
	}
	all := []*state{st}
	x.chain = []string{x.file}
	if tree != nil {
		all = x.top(tree, all)
	}
	if x.err != nil {
		return nil, x.err
	}
	var out []Outcome
	for _, st := range all {
		o := Outcome{Lost: st.lost}
		v := x.get(st, x.Focus)
		o.Variable = Variable{x.position(v.at), v.set != no, Text(v.text), v.exported, v.protected}
		if v.set == perhaps || v.set == yes && !v.known {
			o.Variable.Value = unknown
		}
		if x.Focus == "" {
			o.Variable, o.Mask = Variable{}, Mask{x.position(st.maskAt), st.mask}
		}
		if x.Focus == "" && st.core != "" {
			o.Core = Variable{Position: x.position(st.coreAt), Set: true, Value: Text(st.core)}
			if st.core == "?" {
				o.Core.Value = unknown
			}
		}
		out = appendNew(out, o)
	}
	return out, nil
}

func (x *run) position(at spot) inventory.Position {
	return inventory.Position{Source: at.file, Line: at.line}
}
