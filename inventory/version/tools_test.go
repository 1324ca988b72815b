package version_test

// tools are the native programs that make the tables.
var tools = []tool{
	alpmTool,
	apkTool,
	cargoTool,
	debTool,
	gemTool,
	golangTool,
	mavenTool,
	npmTool,
	nugetTool,
	opkgTool,
	pypiTool,
	rpmTool,
	semverTool,
}

// rangeTools are the native programs that make the tables of ranges.
var rangeTools = []rangeTool{
	cargoRangeTool,
	gemRangeTool,
	mavenRangeTool,
	npmRangeTool,
	nugetRangeTool,
	pypiRangeTool,
	semverRangeTool,
}
