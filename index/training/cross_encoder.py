"""The network that reads a question together with a sentence."""

from typing import Any

import torch


class CrossEncoder(torch.nn.Module):
    """The layers of an encoder with one number on top."""

    def __init__(self, body: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.body = body
        self.head = torch.nn.Linear(body.config.hidden_size, 1)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor,
    ) -> torch.Tensor:
        """Give a score a pair: (pairs,)."""
        states = self.body(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).float()
        mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
        scores: torch.Tensor = self.head(mean + states[:, 0]).squeeze(-1)
        return scores
