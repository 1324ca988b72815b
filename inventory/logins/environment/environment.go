// Package environment reads the variables that sessions begin with, from etc/environment,
// pam_env(8).
package environment

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// File is the path of the file.
const File = "etc/environment"

// Fact returns the variables of the file in their order. Without the file there are none.
var Fact = inventory.NewFact("environment", collect)

func collect(ctx context.Context, s *inventory.System) ([]inventory.Setting, error) {
	b, err := s.ReadText(ctx, File)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := Parse(b)
	for i := range all {
		all[i].Source = File
	}
	return all, nil
}

// Parse reads the text of the file. Lines that set no variable are skipped, as the module does.
// The Source is left empty.
func Parse(b []byte) []inventory.Setting {
	vars, _ := shellvar.Parse(b)
	all := make([]inventory.Setting, 0, len(vars))
	for _, v := range vars {
		all = append(all, inventory.Setting{Name: v.Key, Value: v.Value,
			Position: inventory.Position{Line: v.Line}})
	}
	return all
}
