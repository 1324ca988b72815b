// Package environment reads the variables that sessions begin with, from etc/environment, as
// pam_env(8) has it.
package environment

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// File is where the variables stand.
const File = "etc/environment"

// Fact is the variables of the file, in its order. A system without one has none.
var Fact = inventory.NewFact("environment", read)

func read(ctx context.Context, s *inventory.System) ([]inventory.Setting, error) {
	b, err := s.ReadFile(ctx, File)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(b), nil
}

// Parse reads the text of the file. Lines that set no variable are passed over, as by the
// module.
func Parse(b []byte) []inventory.Setting {
	vars, _ := shellvar.Parse(b)
	all := make([]inventory.Setting, 0, len(vars))
	for _, v := range vars {
		all = append(all, inventory.Setting{Name: v.Key, Value: v.Value, Source: File, Line: v.Line})
	}
	return all
}
