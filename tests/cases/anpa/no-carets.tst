NW2050
r i BC-Wells    03-04 0040
BC-Wells,40<
Council votes on wells<
	TARNWICK (NW) _ The council voted.
	2 + 2 =
NW2051
r i BC-Wells-Two    03-04 0040
	TARNWICK (NW) _ The wells stay open.
