package regkey_test

import (
	"fmt"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

func ExampleLookup() {
	values := []inventory.Value{{Name: "EnableLUA", Type: inventory.TypeDWord, Data: []byte{1, 0, 0, 0}}}
	v, ok := regkey.Lookup(values, "enablelua")
	n, _ := v.Integer()
	fmt.Println(v.Name, n, ok)
	// Output: EnableLUA 1 true
}
