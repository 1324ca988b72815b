package auditrules

import (
	"maps"
	"slices"
)

// Later returns the calls of which the release is known.
func Later() []string { return slices.Sorted(maps.Keys(since)) }

// Merge returns the lines that augenrules writes for files in their order.
func Merge(names []string, texts [][]byte) ([]string, error) {
	var files []file
	for i, n := range names {
		files = append(files, file{n, texts[i]})
	}
	all, err := splitLines(files)
	if err != nil {
		return nil, err
	}
	all, err = merge(all)
	var out []string
	for _, l := range all {
		out = append(out, l.text)
	}
	return out, err
}

// VersionOrder compares names in the order of ls -v.
var VersionOrder = compareVersions
