package apk_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apk"
)

// apk is not there to ask. Its answers are those of apk_db_fdb_read of src/database.c of apk-tools 2.14: a line is
// a letter, a colon and a value, the last one of a letter counts, and anything else is refused. It keeps
// names and versions as they are; those that no package can have are errors here, and there by the table.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Head: "P:a\n", Key: "V", Sep: ":", Value: "1.0-r0", Other: "2.0-r0", Tail: "A:x86_64\n\n"}.Texts()
	bytetable.Test(t, "installed", texts, func(t *testing.T, text string) string {
		all, err := apk.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"lib/apk/db/installed": text})))
		if err != nil {
			return bytetable.Error
		}
		var got []string
		for _, p := range all {
			got = append(got, p.Name+" "+p.Version)
		}
		return strings.Join(got, ", ")
	}, nil, nil)
}
