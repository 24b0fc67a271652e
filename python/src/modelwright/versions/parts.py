"""What a version is made of, before anything of it is written."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple


class Parts(NamedTuple):
    model_name: str
    model: Any
    training_set: Optional[Tuple[Any, Any]]
    test_set: Optional[Tuple[Any, Any]]
    column_transformer: Any
    author_email: Optional[str]
    metrics: Dict[str, float]
    #: Rows as they are served.
    examples: List[Any]
