package inventory_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
)

func TestPosition(t *testing.T) {
	for p, want := range map[inventory.Position][2]string{
		{}:                                 {"", "{}"},
		{Source: "etc/passwd"}:             {"etc/passwd", `{"source":"etc/passwd"}`},
		{Source: "etc/passwd", Line: 3}:    {"etc/passwd:3", `{"source":"etc/passwd","line":3}`},
		{Line: 3}:                          {"", `{"line":3}`},
		{Source: `HKLM\SOFTWARE`, Line: 0}: {`HKLM\SOFTWARE`, `{"source":"HKLM\\SOFTWARE"}`},
	} {
		b, err := json.Marshal(p)
		if got := [2]string{p.Place(), string(b)}; got != want || err != nil {
			t.Errorf("%+v: got %q, %v, want %q", p, got, err, want)
		}
	}
}

func ExamplePosition() {
	type user struct {
		inventory.Position

		Name string
	}
	u := user{inventory.Position{Source: "etc/passwd", Line: 3}, "alice"}
	fmt.Println(u.Place(), u.Name)
	// Output: etc/passwd:3 alice
}
