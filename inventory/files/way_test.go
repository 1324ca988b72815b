package files_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestWay(t *testing.T) {
	sys := inventorytest.System(t, "-- srv/d/x --\n-- opt/l link=../srv/d --\n-- opt/m link=/opt/l/x --\n-- opt/loop link=loop --\n-- opt/gone link=/srv/none/x --\n")
	for name, want := range map[string]string{
		"srv/d/x": "srv srv/d srv/d/x", "opt/l/x": "opt srv srv/d srv/d/x", "opt/m": "opt opt srv srv/d srv/d/x",
		"opt/gone": "opt srv", "none": "",
	} {
		got, err := files.FindWay(t.Context(), sys, name)
		if s := strings.Join(got, " "); s != want || err != nil {
			t.Errorf("%s: got %q %v, want %q", name, s, err, want)
		}
	}
	if _, err := files.FindWay(t.Context(), sys, "opt/loop"); err == nil {
		t.Error("a link to itself leads nowhere")
	}
}
