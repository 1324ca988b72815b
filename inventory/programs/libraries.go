package programs

import (
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// libraryFolders are searched for libraries by ld.so(8) of Debian, Red Hat and musl, and those of
// modules in them.
var libraryFolders = []string{"lib", "usr/lib", "lib64", "usr/lib64", "lib32", "usr/lib32", "libx32", "usr/libx32", "usr/local/lib", "usr/local/lib64"}

// moduleFolders are folders of modules in those of libraries: of PAM, of character sets, of OpenSSL.
var moduleFolders = []string{"security", "gconv", "engines-3", "engines-1.1", "ossl-modules", "sasl2", "sudo"}

const (
	preload  = "etc/ld.so.preload"
	loaderCf = "etc/ld.so.conf"
)

// maxConfigs is how deep files of ld.so.conf may include others.
const maxConfigs = 8

// Libraries returns the code that programs of root load: the dynamic loader, its configuration and
// what that names, the libraries in its folders, and the modules and programs that services of PAM
// name.
func (f *Follower) Libraries() (Found, error) {
	f.begin()
	f.use(inventory.Position{Source: preload}, preload, "says what is loaded")
	if f.look(preload) == plain || f.look(preload) == executable {
		b, err := f.sys.ReadOnce(f.ctx, preload)
		if err != nil && !inventory.IsAbsent(err, preload) {
			f.fail(err)
		}
		st := newState(inventory.Position{Source: preload}, "/")
		for w := range strings.FieldsFuncSeq(string(b), func(r rune) bool { return strings.ContainsRune(" \t\n:", r) }) {
			if strings.Contains(w, "/") && f.err == nil {
				f.file(st, w, "loaded into every program")
			}
		}
	}
	f.use(inventory.Position{Source: "etc/ld.so.cache"}, "etc/ld.so.cache", "says what is loaded")
	dirs := slices.Clone(libraryFolders)
	for _, pattern := range []string{"lib/*-linux-*", "usr/lib/*-linux-*", "usr/local/lib/*-linux-*"} {
		names, err := f.sys.Glob(f.ctx, pattern)
		f.fail(err)
		dirs = append(dirs, names...)
	}
	dirs = append(dirs, f.loaderFolders(loaderCf, 0)...)
	seen := map[string]bool{}
	for _, dir := range dirs {
		real, there, err := f.ways.Real(f.ctx, f.sys, dir)
		if err != nil {
			f.fail(err)
		}
		f.search(inventory.Position{Source: dir}, dir, "searched for libraries")
		if !there || seen[real] || f.look(dir) != folder {
			continue
		}
		seen[real] = true
		f.libraries(real)
	}
	f.pam()
	for _, pattern := range interpreted {
		names, err := f.sys.Glob(f.ctx, pattern)
		f.fail(err)
		for _, name := range names {
			f.search(inventory.Position{Source: name}, name, "searched for modules")
		}
	}
	return f.end()
}

// interpreted are the folders in which interpreters search for modules, site(5), perlrun(1), and the
// configuration of the loader of musl.
var interpreted = []string{"usr/lib/python3*", "usr/lib64/python3*", "usr/lib/python3*/*-packages", "usr/lib64/python3*/*-packages", "usr/local/lib/python3*", "usr/local/lib/python3*/*-packages", "etc/python3*", "etc/perl", "usr/share/perl*", "usr/lib/*-linux-*/perl*", "usr/local/share/perl*",
	"usr/local/lib/*-linux-*/perl", "usr/share/perl5/*", "usr/lib64/perl5", "usr/lib/ruby", "usr/local/lib/ruby", "usr/lib/node_modules", "usr/local/lib/node_modules", "usr/share/nodejs", "etc/ld-musl-*.path"}

// libraries adds the libraries in a folder, and the modules in the folders in it.
func (f *Follower) libraries(dir string) {
	entries, err := f.sys.ReadDir(f.ctx, dir)
	if err != nil {
		f.fail(err)
		return
	}
	for _, e := range entries {
		name := dir + "/" + e.Name()
		switch {
		case f.err != nil:
			return
		case strings.Contains(e.Name(), ".so"):
			f.use(inventory.Position{Source: name}, name, "loaded")
		case slices.Contains(moduleFolders, e.Name()) && f.look(name) == folder:
			f.search(inventory.Position{Source: name}, name, "searched for modules")
			modules, err := f.sys.ReadDir(f.ctx, name)
			if err != nil {
				f.fail(err)
				return
			}
			for _, m := range modules {
				f.use(inventory.Position{Source: name + "/" + m.Name()}, name+"/"+m.Name(), "loaded")
			}
		}
	}
}

// loaderFolders returns the folders that a file of ldconfig(8) names.
func (f *Follower) loaderFolders(name string, depth int) []string {
	f.use(inventory.Position{Source: name}, name, "says what is loaded")
	if kind := f.look(name); kind != plain && kind != executable || f.err != nil || depth > maxConfigs {
		return nil
	}
	if err := f.left.Include(); err != nil {
		f.fail(err)
		return nil
	}
	var all []string
	b, err := f.sys.ReadOnce(f.ctx, name)
	if err != nil {
		if !inventory.IsAbsent(err, name) {
			f.fail(err)
		}
		return nil
	}
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		w := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n,:", r) })
		if err := f.left.Items(len(w)); err != nil {
			f.fail(err)
			return nil
		}
		if len(w) > 1 && w[0] == "include" {
			for _, pattern := range w[1:] {
				if !strings.HasPrefix(pattern, "/") {
					pattern = path.Join("/", path.Dir(name), pattern)
				}
				for _, inner := range f.matching(path.Clean(pattern)[1:]) {
					all = append(all, f.loaderFolders(inner, depth+1)...)
				}
			}
			continue
		}
		for _, dir := range w {
			if dir, _, _ = strings.Cut(dir, "="); strings.HasPrefix(dir, "/") && path.Clean(dir) != "/" {
				all = append(all, path.Clean(dir)[1:])
			}
		}
	}
	return all
}

// pamPrograms are modules that run the program, or load the code, that an argument names.
var pamPrograms = []string{"pam_exec", "pam_python", "pam_script", "pam_perl", "pam_lua"}

// pam adds the modules that services of PAM load by a path, and the programs that they name.
func (f *Follower) pam() {
	names, err := pam.Services.Of(f.ctx, f.sys)
	if err != nil {
		f.fail(err)
		return
	}
	for _, name := range names {
		if strings.ToLower(name) != name {
			continue // PAM asks for names in lower case
		}
		c, err := pam.Service.Of(f.ctx, f.sys, name)
		if err != nil {
			continue // the service refuses everybody, which its own rules tell
		}
		for _, stack := range c.Stacks {
			for _, l := range stack {
				f.use(l.Position, l.Source, "says what is loaded")
				if strings.HasPrefix(l.Module, "/") {
					f.use(l.Position, l.Module, "loaded")
				}
				if slices.Contains(pamPrograms, l.Name()) {
					i := slices.IndexFunc(l.Args, func(a string) bool { return strings.HasPrefix(a, "/") })
					if i >= 0 {
						f.run(newState(l.Position, "/"), slices.Clone(l.Args[i:]), false)
					}
				}
			}
		}
	}
}
