package systemd

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Preset is what systemctl preset would do to a unit, systemd.preset(5).
type Preset string

// The presets.
const (
	PresetNone    Preset = ""         // systemctl prints "-": the unit is an alias, static, generated or transient
	PresetEnable  Preset = "enabled"  // also where no rule speaks of the unit
	PresetDisable Preset = "disabled" //
	PresetIgnore  Preset = "ignored"  // left as it is
	PresetUnknown Preset = "n/a"      // the preset files cannot be read by systemctl: one is a folder
)

// presetRule is one line of a preset file.
type presetRule struct {
	action    Preset
	pattern   string
	instances []string // of the template that pattern is, for "enable"
}

// presets are the rules of a system, the first that fits deciding.
type presets struct {
	rules   []presetRule
	invalid bool
}

// parsePresets reads a preset file. Lines that systemd 252 does not know it ignores;
// so do we, but for those that later versions know.
func parsePresets(b []byte) []presetRule {
	var rules []presetRule
	for len(b) > 0 {
		line, rest := nextLine(b)
		b = rest
		s := strings.Trim(string(line), blanks)
		if s == "" || s[0] == '#' || s[0] == ';' {
			continue
		}
		word, arg := s, ""
		if i := strings.IndexAny(s, blanks); i >= 0 {
			word, arg = s[:i], strings.TrimLeft(s[i:], blanks)
		}
		if arg == "" {
			continue
		}
		switch word {
		case "enable":
			f := strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune(blanks, r) })
			rules = append(rules, presetRule{PresetEnable, f[0], f[1:]})
		case "disable":
			rules = append(rules, presetRule{PresetDisable, arg, nil})
		case "ignore":
			rules = append(rules, presetRule{PresetIgnore, arg, nil})
		}
	}
	return rules
}

// of answers the preset of a unit in a state.
func (p *presets) of(u unitName, s State) Preset {
	switch {
	case s == Alias || s == Static || s == Generated || s == Transient:
		return PresetNone
	case p.invalid:
		return PresetUnknown
	}
	for _, r := range p.rules {
		if r.fits(u) {
			return r.action
		}
	}
	return PresetEnable
}

func (r *presetRule) fits(u unitName) bool {
	if u.kind == instance && r.pattern == u.template() && slices.Contains(r.instances, u.instance) {
		return true
	}
	return fnmatch(r.pattern, u.full)
}

// presets reads the preset files.
func (t *tree) presets() *presets {
	p := &presets{}
	files := map[string]string{}
	for _, dir := range presetPath {
		if dir == "lib/systemd/system-preset" && !t.split {
			continue
		}
		for _, e := range t.list(dir) {
			if _, ok := files[e.name]; !ok && strings.HasSuffix(e.name, ".preset") && e.name[0] != '.' {
				files[e.name] = dir + "/" + e.name
			}
		}
	}
	sorted := make([]string, 0, len(files))
	for name := range files {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	for _, name := range sorted {
		p.read(t, files[name])
	}
	return p
}

func (p *presets) read(t *tree, path string) {
	real, k, err := t.final(path)
	switch {
	case errors.Is(err, errLoop) || k == folder || k == other:
		p.invalid = true
	case err == nil && k == regular && t.reading():
		b, err := fs.ReadFile(t.fs, real)
		if err != nil {
			t.err = err
		}
		for _, r := range parsePresets(b) {
			if r.action != PresetIgnore || t.after252() {
				p.rules = append(p.rules, r)
			}
		}
	}
}
