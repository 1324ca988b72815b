package setting

import (
	"strconv"
	"strings"
)

// AnyOf returns text for evidence that says that one of the names is wanted, such as "a or b" or "a
// or b or c or one of 7 more".
func AnyOf(names []string) string {
	const shown = 3
	if len(names) <= shown+1 {
		return strings.Join(names, " or ")
	}
	return strings.Join(names[:shown], " or ") + " or one of " + strconv.Itoa(len(names)-shown) + " more"
}
